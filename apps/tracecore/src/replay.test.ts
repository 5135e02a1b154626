import { copyFile, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fromRoot, idsIn, PAIRING, readRun, runPairing, SOLVER, WASTEFUL_AGENT } from './testing/replaying.js';
import { tracecore, withFolder } from './testing/tracecore.js';

/** These start several processes one after the other. */
const SLOW = { timeout: 120_000 };

interface Report {
  ok: boolean;
  first: { code: string; difference: { pointer: string; step: number | null; expected?: unknown; actual?: unknown } };
  replay: { run_id: string };
  checks: { check: string; status: string; code: string }[];
}

function report(argv: string[], cwd: string): Report & { exit: number | null } {
  const { code, stdout } = tracecore([...argv, '--json'], { cwd });
  return { exit: code, ...(JSON.parse(stdout) as Report) };
}
const codes = ({ checks }: Report, status: string) =>
  checks.filter((one) => one.status === status).map(({ code }) => code);

/** A copy of the log task in `mine/`, under a name of its own, run by the solver; the run's id. */
async function runOwnTask(cwd: string): Promise<string> {
  await cp(fromRoot('tasks/log_stream_monitor'), join(cwd, 'mine'), { recursive: true });
  const file = join(cwd, 'mine', 'task.toml');
  await writeFile(file, (await readFile(file, 'utf8')).replace('"log_stream_monitor"', '"my_stream"'));
  const { stdout } = tracecore(['run', '--agent', SOLVER, '--task', './mine', '--json'], { cwd });
  return (JSON.parse(stdout) as { run_id: string }).run_id;
}

describe('the same agent agrees with its record, strictly', SLOW, () => {
  test('by id, by the beginning of one, as latest, as a file, as a bundle; each replay is a run of its own', () =>
    withFolder(async (cwd) => {
      expect(tracecore([...PAIRING, '--record'], { cwd }).code).toBe(0);
      const [sealed] = (await idsIn(cwd, 'baselines')) as [string];
      const file = join('.agent_bench', 'runs', `${sealed}.json`);
      const forms = [
        ['run', '--replay', sealed],
        ['run', '--replay', sealed.slice(0, 12)],
        ['run', '--replay-bundle', sealed],
        ['run', '--replay-bundle', join('.agent_bench', 'baselines', sealed)],
        ['replay', file],
        ['replay', '--bundle', sealed],
        ['replay'],
      ];
      for (const form of forms) {
        const { code, stdout, stderr } = tracecore([...form, '--strict', '--strict-spec'], { cwd });
        expect([form, code, stderr]).toEqual([form, 0, '']);
        expect(stdout).toMatch(/^baseline {2}\S+\nreplay {4}\S+\n\ninputs: OK\nlimits: OK\nactions: OK\n/);
        expect(stdout).toMatch(
          /agent_hash: OK\n\n\[REPLAY OK\] strict: the run agrees with its baseline\nstrict-spec: OK\n$/,
        );
      }
      expect(await idsIn(cwd, 'runs')).toHaveLength(2 + forms.length);
      const { replay, exit } = report(['replay', sealed], cwd);
      const [one, other] = [await readRun(cwd, sealed), await readRun(cwd, replay.run_id)];
      expect([exit, other.artifact_hash]).toEqual([0, one.artifact_hash]);
    }));

  test('a failed episode too, on the budgets, tools and metadata of its config', () =>
    withFolder(async (cwd) => {
      const config = {
        agent: SOLVER,
        task_ref: 'log_stream_monitor@1',
        seed: 7,
        budgets: { max_steps: 3, max_wall_clock_s: 50 },
        tools: ['poll_stream', 'set_output'],
        metadata: { team: 'red' },
      };
      await writeFile(join(cwd, 'episode.json'), JSON.stringify(config));
      expect(tracecore(['run', '--from-config', 'episode.json'], { cwd }).code).toBe(1);
      await writeFile(join(cwd, 'tracecore.toml'), '[defaults]\nseed = 9\ntimeout = 5\n');
      const { exit, replay } = report(['replay', '--strict'], cwd);
      expect(exit).toBe(0);
      expect(await readRun(cwd, replay.run_id)).toMatchObject({
        seed: 7,
        budgets: { steps: 3, wall_clock_seconds: 50 },
        tools: config.tools,
        episode_config_meta: { team: 'red' },
        termination_reason: 'steps_exhausted',
      });
    }));

  test('from a folder below the workspace, and of a task that is a folder', () =>
    withFolder(async (cwd) => {
      await writeFile(join(cwd, 'tracecore.toml'), '');
      await mkdir(join(cwd, 'agents'));
      await copyFile(fromRoot(SOLVER), join(cwd, 'agents', 'mine.ts'));
      const id = await runOwnTask(cwd);
      expect(tracecore(['replay', id], { cwd }).stderr).toMatch(/no task my_stream/i);
      expect(report(['replay', id, '--task', 'mine', '--strict'], cwd).exit).toBe(0);
      expect(tracecore(['replay', id, '--task', fromRoot('tasks/dice_game')], { cwd })).toMatchObject({
        code: 2,
        stderr: 'tracecore: --task must be the folder of my_stream@1, got dice_game@1\n',
      });
      const argv = ['run', '--agent', 'agents/mine.ts', '--task', 'log_stream_monitor'];
      expect(tracecore(argv, { cwd }).code).toBe(0);
      expect(report(['replay', '--strict'], join(cwd, 'agents')).exit).toBe(0);
    }));
});

describe('what differs is named', SLOW, () => {
  test('an agent that takes other steps: the first, by step, pointer and both values; strict counts them', () =>
    withFolder(async (cwd) => {
      const id = runPairing(cwd);
      await writeFile(join(cwd, 'wasteful.ts'), WASTEFUL_AGENT);
      const loose = report(['replay', id, '--agent', 'wasteful.ts'], cwd);
      expect([loose.exit, loose.ok]).toEqual([1, false]);
      expect(loose.first).toMatchObject({
        code: 'ACTION_DIFFERS',
        difference: { pointer: '/action_trace/1/action/args/cursor', step: 2, actual: 0 },
      });
      expect(codes(loose, 'fail')).toEqual([
        'ACTION_DIFFERS',
        'RESULT_DIFFERS',
        'IO_AUDIT_DIFFERS',
        'STEP_COUNT_DIFFERS',
      ]);
      const strict = report(['run', '--replay', id, '--agent', 'wasteful.ts', '--strict'], cwd);
      expect(codes(strict, 'fail').slice(4)).toEqual([
        'STEPS_ABOVE_BASELINE',
        'TOOL_CALLS_ABOVE_BASELINE',
        'AGENT_HASH_DIFFERS',
      ]);
      const { stdout } = tracecore(['replay', id, '--agent', 'wasteful.ts'], { cwd });
      expect(stdout).toMatch(
        /\n\[REPLAY FAILED: ACTION_DIFFERS\] step 2: \/action_trace\/1\/action\/args\/cursor is 0; the baseline has \d+\n$/,
      );
    }));

  test('an agent of other bytes that acts alike, and a task of other bytes, by strict alone', () =>
    withFolder(async (cwd) => {
      const id = await runOwnTask(cwd);
      await writeFile(join(cwd, 'same.ts'), `// the same\n${await readFile(fromRoot(SOLVER), 'utf8')}`);
      const as = ['replay', id, '--task', './mine'];
      expect(report([...as, '--agent', 'same.ts'], cwd).exit).toBe(0);
      expect(codes(report([...as, '--agent', 'same.ts', '--strict'], cwd), 'fail')).toEqual(['AGENT_HASH_DIFFERS']);
      await writeFile(join(cwd, 'mine', 'notes.txt'), 'edited\n');
      expect(report(as, cwd).exit).toBe(0);
      expect(codes(report([...as, '--strict'], cwd), 'fail')).toEqual(['TASK_HASH_DIFFERS']);
    }));

  test('what a baseline of the Python runtime lacks is said, and fails strict', () =>
    withFolder(async (cwd) => {
      const file = fromRoot('spec/vectors/hashes/python/rate-limited-chain--chain-agent.json');
      expect(tracecore(['replay', file], { cwd })).toMatchObject({
        code: 2,
        stderr: expect.stringMatching(/--agent FILE/),
      });
      const argv = ['replay', file, '--agent', 'agents/chain_agent.ts'];
      expect(codes(report(argv, cwd), 'skip')).toEqual(['LIMITS_MISSING']);
      expect(codes(report([...argv, '--strict'], cwd), 'fail')).toEqual(
        expect.arrayContaining(['LIMITS_MISSING', 'TASK_HASH_FOREIGN', 'AGENT_HASH_MISSING']),
      );
    }));
});

describe('--actions derives the score again, without the agent', SLOW, () => {
  test('a run of an agent that is gone is proven, and leaves no run behind', () =>
    withFolder(async (cwd) => {
      await copyFile(fromRoot(SOLVER), join(cwd, 'mine.ts'));
      tracecore(['run', '--agent', 'mine.ts', '--task', 'log_stream_monitor@1'], { cwd });
      await rm(join(cwd, 'mine.ts'));
      const before = await idsIn(cwd, 'runs');
      expect(tracecore(['replay'], { cwd })).toMatchObject({
        code: 2,
        stderr: expect.stringMatching(/mine\.ts, is not here/),
      });
      const { code, stdout } = tracecore(['replay', '--actions'], { cwd });
      expect([code, stdout.split('\n').slice(1)]).toEqual([0, ['task_hash: OK', 're-derivation: OK', '']]);
      expect(await idsIn(cwd, 'runs')).toEqual(before);
    }));

  test('a task that was edited is named, with the step that comes out otherwise', () =>
    withFolder(async (cwd) => {
      const id = await runOwnTask(cwd);
      const actions = join(cwd, 'mine', 'actions.ts');
      await writeFile(actions, (await readFile(actions, 'utf8')).replaceAll('ok: true', 'ok: true, extra: 1'));
      const { exit, checks } = report(['replay', '--actions', id, '--task', 'mine'], cwd);
      expect([exit, checks.map(({ code }) => code)]).toEqual([1, ['TASK_HASH_DIFFERS', 'SCORE_DIFFERS']]);
    }));
});

describe('a record from elsewhere', SLOW, () => {
  test('has no command run that nobody here asked for, and no file outside of the workspace', () =>
    withFolder(async (cwd) => {
      const argv = ['run', '--agent', 'cmd:true', '--task', 'log_stream_monitor@1'];
      tracecore(argv, { cwd });
      const [id] = (await idsIn(cwd, 'runs')) as [string];
      expect(report(['replay', id], cwd).exit).toBe(0);
      const file = join('.agent_bench', 'runs', `${id}.json`);
      expect(tracecore(['replay', file], { cwd })).toMatchObject({
        code: 2,
        stderr: expect.stringMatching(
          /names a command as its agent: cmd:true; if you mean to run it, say so with --agent/,
        ),
      });
      expect(report(['replay', file, '--agent', 'cmd:true'], cwd).exit).toBe(0);
    }));

  test('that was changed after it was sealed is no baseline', () =>
    withFolder(async (cwd) => {
      const id = runPairing(cwd);
      const run = await readRun(cwd, id);
      await writeFile(join(cwd, 'edited.json'), JSON.stringify({ ...run, agent_ref: '../outside.ts' }));
      for (const argv of [
        ['replay', 'edited.json'],
        ['replay', '--actions', 'edited.json'],
      ]) {
        expect(tracecore(argv, { cwd })).toMatchObject({
          code: 2,
          stderr: expect.stringMatching(/is not as it was sealed/),
        });
      }
    }));

  test('in a bundle that is damaged, or signed by a stranger, is refused by the rules of bundle verify', () =>
    withFolder(async (cwd) => {
      tracecore([...PAIRING, '--record'], { cwd });
      const [id] = (await idsIn(cwd, 'baselines')) as [string];
      tracecore(['keys', 'generate', '--out', 'lab.key'], { cwd });
      expect(tracecore(['bundle', 'sign', id, '--key', 'lab.key'], { cwd }).code).toBe(0);
      expect(tracecore(['replay', '--bundle', id], { cwd })).toMatchObject({
        code: 2,
        stderr: expect.stringMatching(/SIGNATURE_UNTRUSTED/),
      });
      expect(report(['run', '--replay-bundle', id, '--key', 'lab.key.pub'], cwd).exit).toBe(0);
      const file = join(cwd, '.agent_bench', 'baselines', id, 'artifact.json');
      await writeFile(file, (await readFile(file, 'utf8')).replace('"seed": 7', '"seed": 8'));
      expect(tracecore(['run', '--replay-bundle', id, '--key', 'lab.key.pub'], { cwd })).toMatchObject({
        code: 2,
        stderr: expect.stringMatching(/does not verify, so it is no baseline: digests DIGEST_MISMATCH/),
      });
    }));
});

describe('wrong use is one sentence on stderr and exit 2, and no episode runs', () => {
  test.each<[string, RegExp]>([
    [
      'run --replay latest --task log_stream_monitor',
      /--task and --replay exclude each other.*tracecore replay REF --task/,
    ],
    ['run --replay latest --seed 3', /--seed and --replay exclude each other/],
    ['run --replay-bundle x --from-config y', /--from-config and --replay-bundle exclude each other/],
    ['run --replay latest --replay-bundle x', /--replay or --replay-bundle, one of them/],
    ['run --agent a.ts --task b --strict', /--strict goes with --replay/],
    ['run --replay latest --key x', /--key tells whose signature on a bundle counts/],
    ['replay latest --bundle x', /a run or file, or --bundle, one of them/],
    ['replay --actions --strict', /--actions asks no agent, so --strict says nothing/],
    ['replay absent.json', /no file at .*absent\.json/],
    ['replay torn.json', /torn\.json: .*found the end of the text/],
    ['replay future.json', /future\.json: .*tracecore-spec-v9\.0/],
    ['replay 0123456789', /RUN|found none/],
    ['replay latest', /there is no run in/],
    ['replay --bundle nothing', /there is no bundle at nothing/],
    ['replay --bundle empty', /empty is no bundle/],
    ['replay run.json --agent nope.ts', /no agent file at nope\.ts/],
    ['replay run.json --strict --isolation moon', /--isolation must be/],
  ])('%s', (argv, message) =>
    withFolder(async (cwd) => {
      const sample = JSON.parse(
        await readFile(fromRoot('spec/vectors/artifacts/valid/success-two-steps.json'), 'utf8'),
      );
      await writeFile(join(cwd, 'torn.json'), '{"seed": ');
      await writeFile(join(cwd, 'future.json'), JSON.stringify({ ...sample, spec_version: 'tracecore-spec-v9.0' }));
      await mkdir(join(cwd, 'empty'));
      await copyFile(
        fromRoot('spec/vectors/hashes/python/rate-limited-chain--chain-agent.json'),
        join(cwd, 'run.json'),
      );
      const { code, stdout, stderr } = tracecore(argv.split(' '), { cwd });
      expect([code, stdout, await idsIn(cwd, 'runs')]).toEqual([2, '', []]);
      expect(stderr).toMatch(/^tracecore: [^\n]*\n$/);
      expect(stderr).toMatch(message);
    }),
  );
});
