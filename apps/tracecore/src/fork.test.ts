import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Artifact } from '@tracecore/spec';
import { describe, expect, test } from 'vitest';
import { artifactOf, fromRoot, idsIn, readRun, runPairing, SOLVER } from './testing/replaying.js';
import { IDLE_AGENT, tracecore, withFolder } from './testing/tracecore.js';

/** These start several processes one after the other. */
const SLOW = { timeout: 120_000 };

/** What a run did, without what a clock decides. */
const movesOf = ({ action_trace: trace }: Artifact) =>
  trace.map(({ action_ts: _ts, telemetry: _telemetry, ...entry }) => entry);

test(
  'an agent without memory gives the trace of the run wherever it takes over; a fork verifies and replays',
  SLOW,
  () =>
    withFolder(async (cwd) => {
      const parent = await readRun(cwd, runPairing(cwd));
      for (const at of [1, 3, parent.action_trace.length]) {
        const finished = tracecore(['fork', parent.run_id, '--at', String(at), '--agent', SOLVER, '--json'], { cwd });
        const forked = artifactOf(finished);
        expect([at, finished.code, finished.stderr]).toEqual([at, 0, '']);
        expect(movesOf(forked)).toEqual(movesOf(parent));
        expect(forked).toMatchObject({
          seed: 7,
          forked_from: { artifact_hash: parent.artifact_hash, at },
          evidence_links: { forked_from_run: parent.run_id },
        });
      }
      for (const argv of [['verify'], ['replay', '--strict'], ['replay', '--actions'], ['bundle', 'seal']]) {
        expect(tracecore(argv, { cwd }), argv.join(' ')).toMatchObject({ code: 0, stderr: '' });
      }
      expect(tracecore(['diff', parent.run_id, 'latest', '--format', 'text'], { cwd })).toMatchObject({
        code: 1,
        stdout: expect.stringContaining('first divergence: outside of the episode: /forked_from (nothing) -> {'),
      });
    }),
);

test('another agent goes on to lose, in every host, and the panel says where it began', SLOW, () =>
  withFolder(async (cwd) => {
    const parent = await readRun(cwd, runPairing(cwd));
    await writeFile(join(cwd, 'idle.ts'), IDLE_AGENT);
    for (const isolation of ['isolate', 'process', 'inline']) {
      const argv = ['fork', parent.run_id, '--at', '3', '--agent', 'idle.ts', '--isolation', isolation];
      const { code, stdout } = tracecore(argv, { cwd });
      expect([isolation, code]).toEqual([isolation, 1]);
      expect(stdout).toContain(`forked      at step 3 from ${parent.run_id}\n`);
      expect(stdout).toMatch(/^TraceCore Recorded$/m);
      const [, run] = /run file +\S*?(\w+)\.json/.exec(stdout) as RegExpExecArray;
      const forked = await readRun(cwd, run as string);
      expect(movesOf(forked).slice(0, 2)).toEqual(movesOf(parent).slice(0, 2));
      expect(forked.tool_calls_used).toBe(forked.budgets.tool_calls);
      expect(tracecore(['verify', '--run', run as string], { cwd }).code).toBe(0);
    }
  }),
);

test('an agent that may not play the task at all plays none of it', () =>
  withFolder(async (cwd) => {
    const argv = ['fork', runPairing(cwd), '--at', '3', '--agent', 'agents/cheater_agent.ts', '--json'];
    const finished = tracecore(argv, { cwd });
    expect(finished.code).toBe(1);
    expect(artifactOf(finished)).toMatchObject({
      termination_reason: 'sandbox_violation',
      steps_used: 0,
      action_trace: [],
      forked_from: { at: 3 },
    });
    for (const next of [['verify'], ['replay', '--strict']]) expect(tracecore(next, { cwd }).code).toBe(0);
  }));

test('a task that was edited since is told with step and field, and no episode is recorded', SLOW, () =>
  withFolder(async (cwd) => {
    await cp(fromRoot('tasks/log_stream_monitor'), join(cwd, 'mine'), { recursive: true });
    const manifest = join(cwd, 'mine', 'task.toml');
    await writeFile(manifest, (await readFile(manifest, 'utf8')).replace('"log_stream_monitor"', '"my_stream"'));
    tracecore(['run', '--agent', SOLVER, '--task', './mine'], { cwd });
    const runs = await idsIn(cwd, 'runs');
    const fork = ['fork', 'latest', '--at', '3', '--agent', SOLVER, '--task', './mine'];
    await writeFile(join(cwd, 'mine', 'notes.txt'), 'the hash covers this\n');
    expect(tracecore(fork, { cwd })).toMatchObject({
      code: 0,
      stderr: 'tracecore: note: the task is not as it was for the parent, though the frozen steps came out alike\n',
    });
    const actions = join(cwd, 'mine', 'actions.ts');
    await writeFile(actions, (await readFile(actions, 'utf8')).replaceAll('ok: true', 'ok: true, extra: 1'));
    const edited = tracecore(['fork', runs[0] as string, ...fork.slice(2)], { cwd });
    expect([edited.code, edited.stdout]).toEqual([1, '']);
    expect(edited.stderr).toMatch(
      /^tracecore: step 1 does not come out as it was recorded: \/action_trace\/0\/result\/extra was absent and is 1; [^\n]*\n$/,
    );
    expect((await idsIn(cwd, 'runs')).length).toBe(2);
  }),
);

describe('wrong use is one sentence on stderr and exit 2, and no episode runs', () => {
  test.each<[string, RegExp]>([
    ['fork', /fork needs a run/],
    ['fork RUN --agent SOLVER', /fork needs --at K/],
    ['fork RUN --at 2', /fork needs --agent FILE/],
    ['fork RUN --at two --agent SOLVER', /--at must be a whole number of steps, got "two"/],
    ['fork RUN --at 1.5 --agent SOLVER', /--at must be a whole number/],
    ['fork RUN --at 0 --agent SOLVER', /one of the steps 1 to 6, got 0: 5 were recorded/],
    ['fork RUN --at 7 --agent SOLVER', /one of the steps 1 to 6, got 7/],
    ['fork RUN --at 6 --agent SOLVER', /step 5 ended the recorded episode \(success\); fork it at step 5 or before/],
    ['fork RUN --at 2 --agent nope.ts', /no agent file at nope\.ts/],
    ['fork RUN --at 2 --agent SOLVER --seed 3', /unknown option --seed/],
    ['fork RUN --at 2 --agent SOLVER --isolation moon', /--isolation must be/],
    ['fork 0123456789 --at 2 --agent SOLVER', /found none/],
    ['fork edited.json --at 2 --agent SOLVER', /is not as it was sealed/],
    ['fork torn.json --at 2 --agent SOLVER', /torn\.json: .*found the end of the text/],
  ])('%s', (words, message) =>
    withFolder(async (cwd) => {
      await writeFile(join(cwd, 'torn.json'), '{"seed": ');
      const sample = await readFile(fromRoot('spec/vectors/artifacts/valid/success-two-steps.json'), 'utf8');
      await writeFile(join(cwd, 'edited.json'), sample.replace('"seed": ', '"seed": 1'));
      const id = words.includes('RUN') ? runPairing(cwd) : '';
      const argv = words.split(' ').map((word) => (word === 'RUN' ? id : word === 'SOLVER' ? SOLVER : word));
      const { code, stdout, stderr } = tracecore(argv, { cwd });
      expect([code, stdout, (await idsIn(cwd, 'runs')).length]).toEqual([2, '', id === '' ? 0 : 1]);
      expect(stderr).toMatch(/^tracecore: [^\n]*\n$/);
      expect(stderr).toMatch(message);
    }),
  );
});
