import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { artifactOf, fromRoot, idsIn, PAIRING, readRun, SOLVER } from './testing/replaying.js';
import { filesIn, IDLE_AGENT, startTracecore, tracecore, withFolder } from './testing/tracecore.js';

/** Node gives it the machine's own chance; the clock and the random numbers of the process are held, this file is not. */
const DICE_AGENT = `
import { closeSync, openSync, readSync } from 'node:fs';
export default { act() {
  const [file, bytes] = [openSync('/dev/urandom', 'r'), Buffer.alloc(6)];
  readSync(file, bytes);
  closeSync(file);
  return { type: 'poll_stream', args: { cursor: bytes.readUIntLE(0, 6) } };
} };
`;
/** Any program at all: reads a line, asks the kernel for chance, answers. */
const DICE_PROGRAM = `#!/usr/bin/env node
const { createInterface } = require('node:readline');
const { randomInt } = require('node:crypto');
createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method } = JSON.parse(line);
  const result = method === 'initialize' ? { protocol: 'tracecore-agent-protocol-v1' } : method !== 'act' ? null :
    { type: 'poll_stream', args: { cursor: randomInt(2 ** 40) } };
  if (id !== undefined) console.log(JSON.stringify({ jsonrpc: '2.0', id, result }));
});
`;
/** These start several processes one after the other. */
const SLOW = { timeout: 120_000 };
const TASK = ['--task', 'log_stream_monitor@1', '--seed', '7'];
const HAS_PYTHON = spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 10))']).status === 0;
if (!HAS_PYTHON) process.stderr.write('recording an agent in Python: skipped, it needs python3 3.10 or newer\n');

describe('two runs that succeed and are the same are sealed', SLOW, () => {
  test('the bundle is that of the second, the session points to it, and it verifies', () =>
    withFolder(async (cwd) => {
      const { code, stdout, stderr } = tracecore([...PAIRING, '--record', '--strict-spec'], { cwd });
      expect([code, stderr]).toEqual([0, '']);
      expect(stdout).toContain('TraceCore Verified\n');
      const [, first, second, bundle] = /\[RECORD OK\] .*\nfirst run +(\w+)\nsecond run +(\w+)\nbundle +(\S+)\n/.exec(
        stdout,
      ) as RegExpExecArray;
      expect(await idsIn(cwd, 'runs')).toEqual([first, second].sort());
      expect(await idsIn(cwd, 'baselines')).toEqual([second]);
      const [one, other] = [await readRun(cwd, first as string), await readRun(cwd, second as string)];
      expect(one.artifact_hash).toBe(other.artifact_hash);
      const session = JSON.parse(await readFile(join(cwd, '.agent_bench', 'session.json'), 'utf8')) as object;
      expect(session).toMatchObject({ latest_run_id: second, latest_bundle_dir: bundle });
      for (const line of stdout.split('Next:\n')[1]?.trim().split('\n') ?? []) {
        expect(tracecore(line.trim().split(' ').slice(1), { cwd }), line).toMatchObject({ code: 0, stderr: '' });
      }
    }));

  test.each([
    ['JavaScript', 'solver.js'],
    ['TypeScript', 'solver.ts'],
  ])('in %s, in an isolate and in a process', (_language, name) =>
    withFolder(async (cwd) => {
      await copyFile(fromRoot(SOLVER), join(cwd, name));
      for (const isolation of ['isolate', 'process']) {
        const argv = ['run', '--agent', name, ...TASK, '--record', '--isolation', isolation];
        expect(tracecore(argv, { cwd })).toMatchObject({ code: 0, stdout: expect.stringContaining('[RECORD OK]') });
      }
      expect(await idsIn(cwd, 'baselines')).toHaveLength(2);
    }),
  );

  test.skipIf(!HAS_PYTHON)('in Python', () =>
    withFolder(async (cwd) => {
      const port = 'packages/runner/src/testing/python/ports/log_stream_monitor_agent.py';
      await copyFile(fromRoot(port), join(cwd, 'solver.py'));
      const { code, stdout } = tracecore(['run', '--agent', 'solver.py', ...TASK, '--record'], { cwd });
      expect([code, stdout.includes('[RECORD OK]')]).toEqual([0, true]);
    }),
  );

  test('as an episode config says', () =>
    withFolder(async (cwd) => {
      const config = { agent: SOLVER, task_ref: 'log_stream_monitor@1', seed: 7, metadata: { team: 'red' } };
      await writeFile(join(cwd, 'episode.json'), JSON.stringify(config));
      expect(tracecore(['run', '--from-config', 'episode.json', '--record'], { cwd }).code).toBe(0);
      const [sealed] = await idsIn(cwd, 'baselines');
      expect(await readRun(cwd, sealed as string)).toMatchObject({ episode_config_meta: { team: 'red' } });
    }));

  test('--json leaves stdout to the artifact that was sealed, and says the rest on stderr', () =>
    withFolder(async (cwd) => {
      const finished = tracecore([...PAIRING, '--record', '--json', '--strict-spec'], { cwd });
      const { run_id } = artifactOf(finished);
      expect([finished.code, await idsIn(cwd, 'baselines')]).toEqual([0, [run_id]]);
      expect(finished.stderr).toMatch(/^strict-spec: OK\n\n\[RECORD OK\] /);
    }));
});

describe('anything else is not', SLOW, () => {
  test.skipIf(process.platform === 'win32')('runs that differ: step, field and both values are named', () =>
    withFolder(async (cwd) => {
      await writeFile(join(cwd, 'dice.ts'), DICE_AGENT);
      const { code, stdout } = tracecore(['run', '--agent', 'dice.ts', ...TASK, '--record'], { cwd });
      const runs = await idsIn(cwd, 'runs');
      expect([code, runs.length, await idsIn(cwd, 'baselines')]).toEqual([1, 2, []]);
      const [, one, other] =
        /^\[RECORD FAILED: NonDeterministic\] the two runs part: step 1, action\n\/action_trace\/0\/action\/args\/cursor (\d+) -> (\d+)\nno bundle was sealed\n/.exec(
          stdout,
        ) as RegExpExecArray;
      const cursors = await Promise.all(runs.map(async (id) => (await readRun(cwd, id)).action_trace[0]?.action));
      expect(cursors.map((action) => String((action as { args: { cursor: number } }).args.cursor)).sort()).toEqual(
        [one, other].sort(),
      );
      const next = /tracecore (diff \w+ \w+)\n/.exec(stdout)?.[1] as string;
      expect(tracecore(next.split(' '), { cwd }).code).toBe(1);
    }),
  );

  test.skipIf(process.platform === 'win32')('nor is a program that may be anything, and --json says so on stderr', () =>
    withFolder(async (cwd) => {
      await writeFile(join(cwd, 'dice.cjs'), DICE_PROGRAM);
      await chmod(join(cwd, 'dice.cjs'), 0o755);
      const finished = tracecore(['run', '--agent', 'cmd:./dice.cjs', ...TASK, '--record', '--json'], { cwd });
      expect(finished.code).toBe(1);
      expect(await idsIn(cwd, 'runs')).toContain(artifactOf(finished).run_id);
      expect(finished.stderr).toMatch(/^\[RECORD FAILED: NonDeterministic\] .* step 1, action$/m);
      expect(await idsIn(cwd, 'baselines')).toEqual([]);
    }),
  );

  test('runs that fail alike', () =>
    withFolder(async (cwd) => {
      await writeFile(join(cwd, 'idle.ts'), IDLE_AGENT);
      const argv = ['run', '--agent', 'idle.ts', ...TASK, '--steps', '3', '--record'];
      const { code, stdout } = tracecore(argv, { cwd });
      expect(stdout).toMatch(/^\[RECORD FAILED: NotSuccessful\] both runs ended alike: steps_exhausted/);
      expect([code, await idsIn(cwd, 'baselines'), (await idsIn(cwd, 'runs')).length]).toEqual([1, [], 2]);
    }));
});

describe('is refused with exit 2, and nothing runs', () => {
  test.each<[string, string[], Record<string, string>, RegExp]>([
    ['in CI', [...PAIRING, '--record'], { CI: 'true' }, /CI is set to "true".*--allow-ci/],
    ['in CI that calls itself 1', [...PAIRING, '--record'], { CI: '1' }, /--allow-ci/],
    ['with --all', ['run', 'pairing', '--all', '--record'], {}, /one pairing at a time/],
    ['with --list', ['run', 'pairing', '--list', '--record'], {}, /one pairing at a time/],
    ['in line', [...PAIRING, '--record', '--isolation', 'inline'], {}, /fresh host/],
    ['--allow-ci alone', [...PAIRING, '--allow-ci'], {}, /--allow-ci goes with --record/],
    ['with --replay', ['run', '--replay', 'latest', '--record'], {}, /--record and --replay exclude each other/],
  ])('%s', (_when, argv, env, message) =>
    withFolder(async (cwd) => {
      const { code, stdout, stderr } = tracecore(argv, { cwd, env });
      expect([code, stdout, await filesIn(cwd)]).toEqual([2, '', []]);
      expect(stderr).toMatch(message);
    }),
  );

  test.each([
    ['--allow-ci', 'true'],
    ['', 'false'],
  ])('but not with "%s" where CI is "%s"', (option, CI) =>
    withFolder(async (cwd) => {
      const argv = [...PAIRING, '--record', ...(option === '' ? [] : [option])];
      expect(tracecore(argv, { cwd, env: { CI } }).code).toBe(0);
    }),
  );
});

test.skipIf(process.platform === 'win32')(
  'Ctrl-C during the second run seals nothing; the first stays a run',
  SLOW,
  () =>
    withFolder(async (cwd) => {
      await writeFile(join(cwd, 'loop.js'), 'export default { act() { for (;;) {} } };\n');
      const child = startTracecore(['run', '--agent', 'loop.js', ...TASK, '--timeout', '2', '--record'], { cwd });
      let stderr = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        stderr += text;
      });
      const closed = once(child, 'close');
      await expect.poll(() => idsIn(cwd, 'runs'), { timeout: 30_000, interval: 20 }).toHaveLength(1);
      child.kill('SIGINT');
      const [code] = await closed;
      expect([code, stderr]).toEqual([130, 'tracecore: interrupted; the running episode was not recorded\n']);
      expect([(await idsIn(cwd, 'runs')).length, await idsIn(cwd, 'baselines')]).toEqual([1, []]);
    }),
);
