import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Artifact, type JsonObject, parseArtifact } from '@tracecore/spec';
import { openStore } from '@tracecore/store';
import { expect, test } from 'vitest';
import { tracecore, withFolder } from './testing/tracecore.js';

const VECTOR = new URL('../../../spec/vectors/hashes/artifact-hash.json', import.meta.url);
const FAILED = { success: false, termination_reason: 'timeout', failure_type: 'timeout' } as const;

const idOf = (n: number) => n.toString(16).padStart(32, 'c');

/** A workspace whose nth run is n minutes younger than the first; `change` says what else it is. */
async function withRuns(
  count: number,
  change: (n: number) => Partial<Artifact>,
  body: (cwd: string, $: (...argv: string[]) => ReturnType<typeof tracecore>) => Promise<void>,
): Promise<void> {
  const { artifact } = JSON.parse(await readFile(VECTOR, 'utf8')) as { artifact: JsonObject };
  await withFolder(async (cwd) => {
    const store = openStore(join(cwd, '.agent_bench'));
    for (let n = 0; n < count; n += 1) {
      const started_at = new Date(Date.UTC(2026, 2, 1, 12, n)).toISOString();
      await store.put(parseArtifact({ ...artifact, run_id: idOf(n), seed: 1, started_at, ...change(n) }));
    }
    await body(cwd, (...argv) => tracecore(argv, { cwd }));
  });
}

test('runs that were played are listed, counted and measured, and one is shown', () =>
  withFolder(async (cwd) => {
    const $ = (...argv: string[]) => tracecore(argv, { cwd });
    expect($('runs', 'list')).toEqual({
      code: 0,
      stdout: 'there is no run in .agent_bench/runs yet; make one with: tracecore run pairing log_stream_monitor\n',
      stderr: '',
    });
    const play = (...more: string[]) =>
      JSON.parse($('run', 'pairing', 'dice_game', '--json', ...more).stdout) as Artifact;
    const first = play('--seed', '7');
    expect(JSON.parse($('runs', 'list', '--format', 'json').stdout)).toMatchObject({
      version: 1,
      total: 1,
      runs: [
        { run_id: first.run_id, artifact_hash: first.artifact_hash, agent_hash: first.agent_hash, llm_calls: null },
      ],
      skipped: [],
    });
    // From now on there is an index, which takes note of each run.
    const [second, third] = [play('--seed', '7'), play('--seed', '8', '--steps', '1')];
    const listed = $('runs', 'list', '--task', 'dice_game', '--failed');
    expect([listed.code, listed.stderr]).toEqual([0, '']);
    expect(listed.stdout).toMatch(/^run +started +task +agent +seed +ended +steps +tool calls +seconds\n/);
    expect(listed.stdout).toContain(`${third.run_id.slice(0, 12)}  `);
    expect(listed.stdout).toContain('steps_exhausted  1/1');
    expect(listed.stdout).not.toContain(second.run_id.slice(0, 12));

    expect($('runs', 'summary').stdout).toContain('2 succeeded (66 %), 1 failed: budget_exhausted 1');
    const { metrics } = JSON.parse($('runs', 'metrics', '--format', 'json').stdout) as { metrics: unknown[] };
    expect(metrics).toMatchObject([
      {
        task_ref: 'dice_game@1',
        runs: 3,
        reproducibility: { repeated: 1, reproduced: 1, rate: 1 },
        steps_used: { p50: 3, p95: 3, ceiling: 3 },
        failure_types: { budget_exhausted: 1, timeout: 0 },
      },
    ]);
    expect($('runs', 'metrics').stdout).toMatch(/dice_game@1 .* 3 +66 % +1\/1 +3\/3\/3 /);

    const shown = $('runs', 'show', first.run_id.slice(0, 8));
    expect(shown.stdout).toContain(`artifact    ${first.artifact_hash}`);
    expect(shown.stdout).toContain('needed by   nothing');
    expect(JSON.parse($('runs', 'show', '--format', 'json').stdout)).toMatchObject({
      version: 1,
      run: { run_id: third.run_id, budgets: { steps: 1 } },
      referenced_by: ['the session'],
    });
  }));

test('an agent that came back is told from one that still fails', () =>
  withRuns(
    6,
    (n) => ({ seed: n % 2, ...([0, 1, 2, 5].includes(n) ? FAILED : {}) }),
    async (_, $) => {
      // Seed 0 failed at 0 and 2 and succeeded at 4; seed 1 failed at 1, succeeded at 3 and failed at 5.
      expect($('runs', 'mttr').stdout).toBe(
        [
          'task        agent                 seed  runs  failures  recovered  mean s   longest s  now\n',
          'echo_key@1  agents/echo_agent.ts  0     3     2         1/1        240.000  240.000    recovered\n',
          'echo_key@1  agents/echo_agent.ts  1     3     2         1/2        120.000  120.000    failing\n',
          '2 of 3 outages recovered, after 180.000 s in the mean; 1 unresolved\n',
        ].join(''),
      );
      expect(JSON.parse($('runs', 'mttr', '--format', 'json').stdout)).toMatchObject({
        overall: { outages: 3, recovered: 2, unresolved: 1, mttr_s: 180 },
      });
      expect($('runs', 'mttr', '--failure-type', 'invalid_action').stdout).toBe('none of these runs failed\n');
    },
  ));

test('what was typed wrong is named, with what was probably meant', () =>
  withRuns(
    1,
    () => ({}),
    async (_, $) => {
      expect($('runs', 'list', '--agent', 'agents/echo_agnt.ts').stdout).toBe(
        'no run of the agent agents/echo_agnt.ts is in .agent_bench/runs; did you mean agents/echo_agent.ts?\n',
      );
      expect($('runs', 'summary', '--since', '2030-01-01').stdout).toBe('no run in .agent_bench/runs matches\n');
      expect($('runs', 'metrics', '--since', 'soon')).toMatchObject({ code: 2, stdout: '' });
      expect($('runs', 'gc')).toMatchObject({
        code: 2,
        stderr: 'tracecore: runs gc needs --keep N: how many of the newest runs stay\n',
      });
      expect($('runs', 'show', 'abcdef').code).toBe(2);
    },
  ));

test('gc shows what would go, removes it when told to, and spares what is needed', () =>
  withRuns(
    5,
    () => ({}),
    async (cwd, $) => {
      const dry = $('runs', 'gc', '--keep', '0');
      expect([dry.code, dry.stderr]).toEqual([0, '']);
      expect(dry.stdout).toMatch(
        new RegExp(
          `^would remove ${idOf(3)}.json\n(would remove .*\n){3}stays: ${idOf(4)}, needed by the session\n` +
            '4 files of [\\d.]+ KiB would go, 1 run kept\nnothing was removed; --write does it\n$',
        ),
      );
      expect(await readdir(join(cwd, '.agent_bench', 'runs'))).toHaveLength(5);
      expect($('runs', 'gc', '--keep', '0', '--write').stdout).toMatch(/4 files of [\d.]+ KiB removed, 1 run kept\n$/);
      expect(await readdir(join(cwd, '.agent_bench', 'runs'))).toEqual([`${idOf(4)}.json`]);
      expect($('runs', 'summary').stdout).toContain('1 run from');
    },
  ));

test('a broken index is told and made anew, and files that are no runs are named', () =>
  withRuns(
    2,
    () => ({}),
    async (cwd, $) => {
      const home = join(cwd, '.agent_bench');
      await writeFile(join(home, 'runs', `${idOf(9)}.json`), '{"torn": ');
      const first = $('runs', 'summary');
      expect(first.stderr).toMatch(/^tracecore: skipped .*9\.json: .*\n$/);
      expect($('runs', 'reindex').stdout).toBe('.agent_bench/runs: 2 runs in the index, 1 skipped\n');

      await writeFile(join(home, 'index.sqlite'), 'broken '.repeat(1_000));
      const played = $('run', 'pairing', 'dice_game');
      expect(played.code).toBe(0);
      expect(played.stderr).toMatch(
        /^tracecore: the run is stored, but the index took no note of it.*index\.sqlite.*\n$/,
      );
      await rm(join(home, 'runs', `${idOf(9)}.json`));
      const again = $('runs', 'summary');
      expect(again.stdout).toContain('3 runs from');
      expect(again.stderr).toMatch(/^tracecore: .*index\.sqlite.*; it is made anew from the runs\n$/);
      expect($('runs', 'summary')).toEqual({ code: 0, stdout: again.stdout, stderr: '' });
    },
  ));

test('large runs are compressed where the workspace asks for it, and every command reads them', () =>
  withRuns(
    1,
    () => ({ filler: 'the same words over and over '.repeat(3_000) }),
    async (cwd, $) => {
      const home = join(cwd, '.agent_bench');
      const plain = join(home, 'runs', `${idOf(0)}.json`);
      const artifact = parseArtifact(JSON.parse(await readFile(plain, 'utf8')));
      const before = [$('inspect', '--json').stdout, $('runs', 'list', '--format', 'json').stdout] as const;
      await openStore(home, { compress: true }).put(artifact);
      expect(await readdir(join(home, 'runs'))).toEqual([`${idOf(0)}.json.gz`]);
      expect($('inspect', '--json').stdout).toBe(before[0]);
      expect($('runs', 'list', '--format', 'json').stdout).toBe(before[1].replace('0.json"', '0.json.gz"'));
      expect($('diff', idOf(0), `.agent_bench/runs/${idOf(0)}.json.gz`).code).toBe(0);
      expect($('runs', 'show').stdout).toContain(`${idOf(0)}.json.gz\n`);
    },
  ));

test('a run of a workspace that compresses is verified and sealed', () =>
  withFolder(async (cwd) => {
    const $ = (...argv: string[]) => tracecore(argv, { cwd });
    await writeFile(join(cwd, 'tracecore.toml'), '[store]\ncompress = true\n');
    // An agent that never stops and notes a lot leaves a trace of more than 64 KiB.
    const action = "{ type: 'poll_stream', args: { cursor: 0 }, note: 'again '.repeat(1_000) }";
    await writeFile(join(cwd, 'idle.ts'), `export default { act: () => (${action}) };\n`);
    expect($('run', '--agent', 'idle.ts', '--task', 'log_stream_monitor@1').code).toBe(1);
    const [name] = (await readdir(join(cwd, '.agent_bench', 'runs'))) as [string];
    expect(name).toMatch(/\.json\.gz$/);
    const verified = $('verify', '--latest');
    expect([verified.code, verified.stderr]).toEqual([0, '']);
    expect($('bundle', 'seal').code).toBe(0);
    const id = name.replace(/\..*/, '');
    expect($('bundle', 'verify', id).code).toBe(0);
    expect(await readdir(join(cwd, '.agent_bench', 'baselines', id))).toContain('artifact.json');
  }));
