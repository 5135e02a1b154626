import { spawnSync } from 'node:child_process';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Artifact } from '@tracecore/spec';
import { describe, expect, test } from 'vitest';
import { filesIn, IDLE_AGENT, onlyRun, tracecore, withFolder } from './testing/tracecore.js';

const TASKS = fileURLToPath(new URL('../tasks', import.meta.url));
const PROCESS_RUN = ['run', '--agent', 'idle.js', '--task', 'log_stream_monitor@1', '--isolation', 'process'];
const BARE = 'confinement = "bare"\n';

/** An agent whose one action tells what it could read of these files. */
const READER = (files: readonly string[]) => `
import os
HERE = os.path.dirname(os.path.abspath(__file__))
class Agent:
    def reset(self, task): pass
    def observe(self, observation): pass
    def act(self):
        return {"type": "read_file", "args": {"path": "/app/" + ",".join(map(read, ${JSON.stringify(files)}))}}
def read(path):
    try:
        with open(os.path.join(HERE, path)) as file: return file.read(5)
    except OSError: return "-"
`;

async function inProject(isolation: string, body: (cwd: string) => Promise<void>): Promise<void> {
  await withFolder(async (cwd) => {
    await writeFile(join(cwd, 'idle.js'), IDLE_AGENT);
    await writeFile(join(cwd, 'tracecore.toml'), `[isolation]\n${isolation}`);
    await body(cwd);
  });
}

const runsIn = async (cwd: string) => (await filesIn(cwd)).filter((file) => file.startsWith('.agent_bench'));
const readArtifact = async (cwd: string) => JSON.parse(await readFile(await onlyRun(cwd), 'utf8')) as Artifact;

describe('strict spec and the minimum of [isolation]', () => {
  test.each(['permissions', 'contained'])(
    '[REQ-SBX-08] a bare process is refused below %s, before it plays',
    (minimum) =>
      inProject(`minimum = "${minimum}"\n${BARE}`, async (cwd) => {
        const { code, stdout, stderr } = tracecore([...PROCESS_RUN, '--strict-spec'], { cwd });
        expect([code, stdout]).toEqual([2, '']);
        expect(stderr).toMatch(new RegExp(`^tracecore: .*at least ${minimum} .* bare .*tracecore doctor.*\\n$`));
        expect(await runsIn(cwd)).toEqual([]);
      }),
  );

  test('without a config a bare process is refused as well', () =>
    inProject(BARE, async (cwd) => {
      expect(tracecore([...PROCESS_RUN, '--strict-spec'], { cwd })).toMatchObject({ code: 2, stdout: '' });
    }));

  test('a project that takes bare processes plays them, without a warning', () =>
    inProject(`minimum = "bare"\n${BARE}`, async (cwd) => {
      const { stdout, stderr } = tracecore([...PROCESS_RUN, '--strict-spec'], { cwd });
      expect(stderr).toBe('');
      expect(stdout).toContain('\nisolation   process, process-bare (bare)\n');
      expect(stdout).toContain('\nstrict-spec: OK\n');
    }));

  test('an isolate is contained on every machine, whatever is around its worker', () =>
    inProject(`minimum = "contained"\n${BARE}`, async (cwd) => {
      const { stdout } = tracecore(['run', 'pairing', 'log_stream_monitor', '--strict-spec'], { cwd });
      expect(stdout).toContain('\nisolation   isolate, wasm-in-bare-worker (contained)\n');
      expect(stdout).toContain('\nstrict-spec: OK\n');
    }));
});

describe('a run of a bare process', () => {
  test('says once on stderr what is not held, and names doctor', () =>
    inProject(BARE, async (cwd) => {
      const { stderr } = tracecore(PROCESS_RUN, { cwd });
      expect(stderr).toMatch(/^tracecore: warning: a program ran as a bare process; not held: [^\n]+\n$/);
      for (const word of ['hidden state', 'host files', 'network', 'tracecore doctor']) expect(stderr).toContain(word);
      expect((await readArtifact(cwd)).isolation).toMatchObject({ level: 'bare', held: { host_files: 'open' } });
    }));

  test('leaves --json on stdout alone', () =>
    inProject(BARE, async (cwd) => {
      const { stdout, stderr } = tracecore([...PROCESS_RUN, '--json'], { cwd });
      expect(JSON.parse(stdout)).toEqual(await readArtifact(cwd));
      expect(stderr).toContain('bare process');
    }));
});

describe('what an agent in a process may read', () => {
  test('is its own folder and [isolation] read, and never the folder of the task', (context) =>
    withFolder(async (outside) =>
      inProject(`read = ["${outside}/tool"]\n`, async (cwd) => {
        if (spawnSync('python3', ['--version']).status !== 0) context.skip('there is no python3');
        await cp(join(TASKS, 'filesystem_hidden_config'), join(cwd, 'my_task'), { recursive: true });
        await mkdir(join(outside, 'tool'));
        const files = { beside: join(cwd, 'beside'), tool: join(outside, 'tool/x'), secret: join(outside, 'secret') };
        for (const [name, file] of Object.entries(files)) await writeFile(file, name);
        const read = ['beside', files.tool, files.secret, 'my_task/setup.ts', 'my_task/task.toml'];
        await writeFile(join(cwd, 'reader.py'), READER(read));
        tracecore(['run', '--agent', 'reader.py', '--task', './my_task', '--steps', '1'], { cwd });
        const { action_trace: trace, isolation } = await readArtifact(cwd);
        const { mechanism } = isolation as { mechanism: string };
        if (mechanism !== 'process-bubblewrap') context.skip(`bubblewrap does not work here: ${mechanism}`);
        expect(trace[0]?.action).toEqual({ type: 'read_file', args: { path: '/app/besid,tool,-,-,-' } });
      }),
    ));
});
