import type { StrictFault } from '@tracecore/runner';
import type { Artifact } from '@tracecore/spec';
import { describe, expect, test } from 'vitest';
import type { Deps } from '../deps.js';
import { anArtifact } from '../testing/artifact.js';
import { type Recorded, runCli, withFolder } from '../testing/fake-deps.js';

const FIRST = anArtifact({ run_id: '1'.repeat(32) });
const SECOND = anArtifact({ run_id: '2'.repeat(32), started_at: '2026-02-02T00:00:00.000Z' });
const FAULT: StrictFault = {
  code: 'WALL_CLOCK_MISSING',
  pointer: '/wall_clock_elapsed_s',
  message: 'must be a number',
};

interface Scene {
  /** What the runner gives, run by run. */
  runs?: Artifact[];
  /** What strict spec finds in each. */
  faults?: StrictFault[][];
  argv?: string[];
  env?: Record<string, string>;
}

interface Outcome extends Recorded {
  stored: string[];
  sealed: string[];
  pointed: string[];
}

/** `run --record` over a runner that gives these artifacts. */
function record({ runs = [FIRST, SECOND], faults = [[], []], argv = [], env = {} }: Scene): Promise<Outcome> {
  const [left, found] = [[...runs], [...faults]];
  const done = { stored: [] as string[], sealed: [] as string[], pointed: [] as string[] };
  const runner = { run: async () => left.shift(), warm: () => undefined, close: async () => undefined };
  const registry = {
    get: async () => ({ ref: 'demo@1', dir: '/demo', manifest: { budgets: { steps: 20, tool_calls: 10 } } }),
    faults: [],
  };
  const store = {
    put: async ({ run_id }: Artifact) => {
      done.stored.push(run_id);
      return `/runs/${run_id}.json`;
    },
    get: async (text: string) => ({ text }),
    pointToBundle: async (dir: string) => done.pointed.push(dir),
  };
  const sealBundle = async ({ artifactText, dir }: { artifactText: string; dir: string }) => {
    done.sealed.push(artifactText);
    return { dir: `${dir}/${artifactText}`, run_id: artifactText, state: 'sealed', success: true, removed: [] };
  };
  const load = {
    runner: async () => ({
      createRunner: () => runner,
      createLoader: () => ({ agent: async () => ({}), task: async () => ({}) }),
      checkStrictSpec: () => found.shift() ?? [],
    }),
    tasks: async () => ({ openRegistry: async () => registry }),
    store: async () => ({ openStore: () => store }),
    bundle: async () => ({ sealBundle }),
  } as unknown as Deps['load'];
  const words = ['run', '--agent', 'a.ts', '--task', 'demo', '--record', ...argv];
  return withFolder(async (cwd) => ({ ...(await runCli(words, { io: { cwd, env }, deps: { load } })), ...done }));
}

test('two runs that agree but for what a clock decides: both are stored, the second is sealed and pointed to', async () => {
  const { code, stdout, stored, sealed, pointed } = await record({ argv: ['--strict-spec'] });
  expect([code, stored, sealed]).toEqual([0, [FIRST.run_id, SECOND.run_id], [SECOND.run_id]]);
  expect(pointed).toEqual([expect.stringMatching(new RegExp(`baselines/${SECOND.run_id}$`))]);
  expect(stdout).toContain(`[RECORD OK] both runs succeeded, and every field that artifact_hash covers is equal
first run   ${FIRST.run_id}
second run  ${SECOND.run_id}
bundle      .agent_bench/baselines/${SECOND.run_id}
`);
});

describe('seals nothing and exits with 1', () => {
  const failed = { success: false, termination_reason: 'logic_failure', failure_type: 'logic_failure' } as const;
  const [lost, lostToo] = [anArtifact(failed), anArtifact({ ...failed, run_id: SECOND.run_id })];
  test.each<[string, Scene, string]>([
    [
      'when one run wins and one loses',
      { runs: [FIRST, lost] },
      'NonDeterministic] the two runs part: end\n/success true -> false\n',
    ],
    [
      'when any field that the hash covers differs',
      { runs: [FIRST, { ...SECOND, extra: 1 }] },
      'NonDeterministic] the two runs part: outside of the episode\n/extra (nothing) -> 1\n',
    ],
    ['when both lose alike', { runs: [lost, lostToo] }, 'NotSuccessful] both runs ended alike: logic_failure\n'],
    [
      'when strict spec does not hold for the first',
      { faults: [[FAULT], []], argv: ['--strict-spec'] },
      'StrictSpec] both runs succeeded alike\nstrict-spec: FAIL WALL_CLOCK_MISSING ',
    ],
    [
      'when strict spec does not hold for the second',
      { faults: [[], [FAULT]], argv: ['--strict-spec'] },
      'StrictSpec] both runs succeeded alike\nstrict-spec: FAIL WALL_CLOCK_MISSING ',
    ],
  ])('%s', async (_when, scene, said) => {
    const { code, stdout, stored, sealed } = await record(scene);
    expect([code, stored.length, sealed]).toEqual([1, 2, []]);
    expect(stdout.startsWith(`[RECORD FAILED: ${said}`)).toBe(true);
    expect(stdout).toContain('\nno bundle was sealed\n');
    expect(stdout).not.toContain('Verified');
  });

  test('with --json, stdout is the second artifact and stderr has the words', async () => {
    const { stdout, stderr } = await record({ runs: [FIRST, lost], argv: ['--json'] });
    expect(JSON.parse(stdout)).toEqual(lost);
    expect(stderr).toMatch(/^\[RECORD FAILED: NonDeterministic\] /);
  });
});

test.each(['true', 'TRUE', '1', 'yes', 'github'])('CI set to %s keeps it from running at all', async (CI) => {
  const { code, stderr, stored } = await record({ env: { CI } });
  expect([code, stored]).toEqual([2, []]);
  expect(stderr).toContain(`CI is set to "${CI}"`);
  expect((await record({ env: { CI }, argv: ['--allow-ci'] })).code).toBe(0);
});

test.each(['', '0', 'false', 'No', 'off'])('CI set to "%s" does not', async (CI) => {
  expect((await record({ env: { CI } })).code).toBe(0);
});
