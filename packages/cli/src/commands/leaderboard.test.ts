import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hashArtifact } from '@tracecore/artifact';
import { sha256 } from '@tracecore/artifact/node';
import type { VerifyCheck } from '@tracecore/runner';
import type { Artifact } from '@tracecore/spec';
import { describe, expect, test } from 'vitest';
import type { Loaders } from '../deps.js';
import { type Recorded, runCli, withFolder } from '../testing/fake-deps.js';

const SAMPLE = new URL('../../../../spec/vectors/artifacts/valid/success-two-steps.json', import.meta.url);
const ID = `abcdef0${'1'.repeat(25)}`;
const DERIVED: VerifyCheck = { check: 're-derivation', status: 'ok', code: 'OK', message: '' };

type Run = (argv: string, check?: VerifyCheck) => Promise<Recorded>;

/** What the runner says of a score is given here; that it is asked about the sealed bytes is checked. */
function loadersThatFind(check: VerifyCheck): Loaders {
  return {
    store: () => import('@tracecore/store'),
    bundle: () => import('@tracecore/bundle'),
    leaderboard: () => import('@tracecore/bundle/leaderboard'),
    tasks: async () => ({ openRegistry: async () => ({}) }),
    runner: async () => ({
      createLoader: () => ({}),
      createRunner: () => ({ close: async () => undefined }),
      verifyArtifact: async (value: Artifact, text: string) => {
        expect(JSON.parse(text)).toEqual(value);
        expect(value.run_id).toBe(ID);
        const ok: VerifyCheck = { check: 'schema', status: 'ok', code: 'OK', message: '' };
        return { ok: check.status !== 'fail', run_id: value.run_id, checks: [ok, check] };
      },
    }),
  } as unknown as Loaders;
}

function withBundle(body: (run: Run, dir: string) => Promise<void>): Promise<void> {
  return withFolder(async (dir) => {
    const run: Run = (argv, check = DERIVED) =>
      runCli(argv.split(' '), { io: { cwd: dir }, deps: { load: loadersThatFind(check) } });
    await mkdir(join(dir, '.agent_bench', 'runs'), { recursive: true });
    const artifact = { ...JSON.parse(await readFile(SAMPLE, 'utf8')), run_id: ID } as Artifact;
    const text = JSON.stringify({ ...artifact, artifact_hash: hashArtifact(artifact, sha256) });
    await writeFile(join(dir, '.agent_bench', 'runs', `${ID}.json`), text);
    await mustRun(run, 'keys generate --out lab.key');
    await mustRun(run, `bundle seal --run ${ID} --sign --key lab.key`);
    await body(run, dir);
  });
}

async function mustRun(run: Run, argv: string): Promise<string> {
  const { code, stdout, stderr } = await run(argv);
  expect([argv, code, stderr]).toEqual([argv, 0, '']);
  return stdout;
}

const SUBMIT = `leaderboard submit --key lab.key.pub --bundle ${ID}`;

describe('leaderboard', () => {
  test('takes a run once, lists and shows it', () =>
    withBundle(async (run, dir) => {
      expect(await mustRun(run, 'leaderboard')).toMatch(
        /^there is no run in \.agent_bench\/leaderboard yet; submit one with/,
      );
      expect(await mustRun(run, SUBMIT)).toContain(`run      ${ID}\n`);
      const file = join(dir, '.agent_bench', 'leaderboard', `${ID}.json`);
      const before = await readFile(file, 'utf8');
      expect(await mustRun(run, SUBMIT)).toContain('(it was there already)');
      expect(await readFile(file, 'utf8')).toBe(before);
      expect(await mustRun(run, 'leaderboard')).toBe(
        'log_alert_triage@1\n' +
          'place  agent                   success  steps  tool calls  runs\n' +
          '1      agents/triage_agent.ts  100 %    2      2           1\n',
      );
      const { tasks } = JSON.parse(await mustRun(run, 'leaderboard --json')) as { tasks: object[] };
      expect(tasks).toMatchObject([{ task_ref: 'log_alert_triage@1', standings: [{ rank: 1, run_ids: [ID] }] }]);
      expect(await mustRun(run, 'leaderboard show abcdef')).toContain(`run         ${ID}\n`);
      expect(JSON.parse(await mustRun(run, `leaderboard show ${ID} --json`))).toEqual(JSON.parse(before));
    }));

  test('a torn record is named and passed over', () =>
    withBundle(async (run, dir) => {
      await mustRun(run, SUBMIT);
      const board = join(dir, '.agent_bench', 'leaderboard');
      await writeFile(join(board, `${'0'.repeat(32)}.json`), '{"version": 1');
      await writeFile(join(board, 'notes\u001b[2J'), '');
      const { code, stdout, stderr } = await run('leaderboard');
      expect([code, stdout]).toEqual([0, expect.stringContaining('agents/triage_agent.ts')]);
      expect(stderr).toContain(`tracecore: skipped .agent_bench/leaderboard/${'0'.repeat(32)}.json: `);
      expect(stderr).toContain('notes\\u001b[2J');
      expect((await run('leaderboard show 000000')).code).toBe(1);
    }));

  test.each<[string, VerifyCheck, RegExp]>([
    [
      'a step that disagrees',
      {
        check: 're-derivation',
        status: 'fail',
        code: 'SCORE_DIFFERS',
        message: '/action_trace/1/result/ok is true; the task gives false',
        pointer: '/action_trace/1/result/ok',
      },
      /is not taken: it disagrees at step 2; re-derivation SCORE_DIFFERS: \/action_trace\/1\/result\/ok/,
    ],
    [
      'a verdict that disagrees',
      {
        check: 're-derivation',
        status: 'fail',
        code: 'SCORE_DIFFERS',
        message: '/success is true',
        pointer: '/success',
      },
      /is not taken: it disagrees after its last step; re-derivation SCORE_DIFFERS/,
    ],
    [
      'a task that is not known',
      { check: 're-derivation', status: 'fail', code: 'TASK_NOT_FOUND', message: 'no such task', pointer: '/task_ref' },
      /is not taken; re-derivation TASK_NOT_FOUND: no such task/,
    ],
    [
      'a re-derivation that was not made',
      { check: 're-derivation', status: 'skip', code: 'SKIPPED', message: 'values were redacted' },
      /is not taken; re-derivation SKIPPED: values were redacted/,
    ],
    ['a report without one', { check: 'hash', status: 'ok', code: 'OK', message: '' }, /the score was not derived/],
    [
      'another check that fails',
      { check: 'hash', status: 'fail', code: 'HASH_MISMATCH', message: 'other' },
      /hash HASH_MISMATCH: other/,
    ],
  ])('%s is refused with its reason, and nothing is written', (_, check, message) =>
    withBundle(async (run, dir) => {
      const { code, stdout, stderr } = await run(SUBMIT, check);
      expect([code, stdout, stderr]).toEqual([1, '', expect.stringMatching(message)]);
      expect(await readdir(join(dir, '.agent_bench'))).not.toContain('leaderboard');
    }),
  );

  test('a bundle that is not signed by a trusted key is not even replayed', () =>
    withBundle(async (run, dir) => {
      const unused: VerifyCheck = { check: 're-derivation', status: 'ok', code: 'OK', message: '' };
      expect(await run(`leaderboard submit --bundle ${ID}`, unused)).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('SIGNATURE_UNTRUSTED'),
      });
      await cp(join(dir, 'lab.key.pub'), join(dir, '.agent_bench', 'baselines', ID, 'lab.key.pub'));
      expect((await run(`leaderboard submit --bundle ${ID}`)).code).toBe(1);
    }));

  test.each<[string, string, RegExp]>([
    ['no bundle', 'leaderboard submit', /leaderboard submit needs --bundle/],
    ['no such bundle', 'leaderboard submit --bundle 999999', /there is no bundle of a run 999999/],
    ['show: no run', 'leaderboard show', /leaderboard show needs a run/],
    ['show: a path', 'leaderboard show ../../etc', /expected one run on the leaderboard/],
    ['an unknown word', 'leaderboard add', /takes no argument "add"|unknown command/],
  ])('%s is one sentence', (_, argv, message) =>
    withBundle(async (run) => {
      const { code, stdout, stderr } = await run(argv);
      expect([code, stdout, stderr]).toEqual([2, '', expect.stringMatching(/^tracecore: [^\n]+\n$/)]);
      expect(stderr).toMatch(message);
    }),
  );
});
