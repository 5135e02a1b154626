import { FAILURE_TYPES } from '@tracecore/spec';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { run, runId } from '../testing/runs.js';
import { describeRun } from './describe-run.js';
import { openSqliteIndex } from './sqlite-index.js';
import type { IndexedRun, RunFilter } from './types.js';

const ENDINGS = [
  ['success', null],
  ['steps_exhausted', 'budget_exhausted'],
  ['tool_calls_exhausted', 'budget_exhausted'],
  ['timeout', 'timeout'],
] as const;
const HASHES = ['sha256:one', 'sha256:two'];
const TASK_HASH = run({ run_id: runId('aa') }).task_hash;
const START = Date.parse('2026-03-01T00:00:00Z');

const mostly = <T>(usual: T, ...others: T[]) =>
  fc.oneof({ arbitrary: fc.constant(usual), weight: 3 }, { arbitrary: fc.constantFrom(...others), weight: 1 });

const episode = fc.record({
  // Most runs are alike, so that inputs are repeated and outages have a length.
  agent_ref: mostly('agents/a.ts', 'agents/b.ts'),
  agent_hash: mostly('sha256:1', 'sha256:2', null),
  task_ref: mostly('x@1', 'x@2', 'x_y@1', 'x-@1'),
  seed: mostly(0, 1, 2),
  ending: fc.constantFrom(...ENDINGS),
  artifact_hash: fc.constantFrom(...HASHES),
  steps_used: fc.nat({ max: 9 }),
  tool_calls_used: fc.nat({ max: 9 }),
  budgets: fc.record({ steps: fc.constantFrom(9, 20), tool_calls: fc.constantFrom(9, 30) }),
  wall_clock_elapsed_s: fc.option(fc.constantFrom(0.25, 0.5, 1.125)),
  at: fc.nat({ max: 6 }),
  calls: fc.nat({ max: 2 }),
  bytes: fc.constantFrom(100, 200, 3_000),
});

/** Runs in the order they were recorded, as the index describes them. */
const history = fc.array(episode, { maxLength: 30, size: 'max' }).map((episodes) =>
  episodes.map(({ ending, at, calls, bytes, agent_hash, ...fields }, place) => {
    const [termination_reason, failure_type] = ending;
    const llm_trace = Array.from({ length: calls }, () => ({ usage: { total_tokens: 7 } }));
    const template = run({ run_id: runId(`${place}aaaaaa`) });
    const trace = template.action_trace.map((entry, step) =>
      step === 0 && calls > 0 ? { ...entry, llm_trace } : entry,
    );
    return {
      bytes,
      artifact: run({
        ...fields,
        ...(agent_hash === null ? {} : { agent_hash }),
        run_id: template.run_id,
        success: failure_type === null,
        termination_reason,
        failure_type,
        started_at: new Date(START + at * 60_000).toISOString(),
        action_trace: trace,
      }),
    };
  }),
);

const FILTERS: { [Field in keyof RunFilter]-?: fc.Arbitrary<RunFilter[Field]> } = {
  agent: mostly('agents/a.ts', 'agents/none.ts'),
  agent_hash: fc.constant('sha256:1'),
  task: fc.constantFrom('x@1', 'x', 'x_y', 'x-', 'y'),
  task_hash: mostly(TASK_HASH, 'sha256:none'),
  seed: fc.nat({ max: 2 }),
  success: fc.boolean(),
  failure_type: fc.constantFrom('budget_exhausted' as const, 'timeout' as const),
  since: fc.nat({ max: 6 }).map((at) => new Date(START + at * 60_000)),
  limit: fc.integer({ min: 1, max: 20 }),
};

/** A few fields of all, often none: a filter with many keeps next to nothing. */
const filter = fc
  .subarray(Object.keys(FILTERS) as (keyof RunFilter)[], { maxLength: 2 })
  .chain(
    (fields) =>
      fc.record(Object.fromEntries(fields.map((field) => [field, FILTERS[field]]))) as fc.Arbitrary<RunFilter>,
  );

test('every question is answered as a look at each run would answer it', async () => {
  await fc.assert(
    fc.asyncProperty(history, filter, async (written, asked) => {
      const index = openSqliteIndex(':memory:');
      await index.record(written.map((one) => ({ ...one, file: `${one.artifact.run_id}.json`, stamp: '1:1:1' })));
      const all = written
        .map(({ artifact, bytes }) => describeRun(artifact, bytes, `${artifact.run_id}.json`))
        .sort(
          (left, right) => right.started_at.localeCompare(left.started_at) || left.run_id.localeCompare(right.run_id),
        );
      const matching = all.filter((one) => matches(one, asked));
      const kept = matching.slice(0, asked.limit ?? all.length);

      expect(await index.runs(asked)).toEqual(kept);
      expect(await index.count(asked)).toBe(matching.length);
      expect(await index.summary(asked)).toEqual(summaryOf(kept));
      expect(await index.metrics(asked)).toEqual(
        pairsOf(kept).map(([task, agent, runs]) => metricsOf(task, agent, runs)),
      );
      const { success: _, ...others } = asked;
      const { failure_type, ...wider } = others;
      const newest = all.filter((one) => matches(one, wider)).slice(0, asked.limit ?? all.length);
      const relevant = newest.filter(
        (one) => one.success || failure_type === undefined || one.failure_type === failure_type,
      );
      expect(await index.recoveries(others)).toEqual(recoveriesOf(relevant));
      await index.close();
    }),
    { numRuns: 50 },
  );
});

function matches(
  one: IndexedRun,
  { agent, agent_hash, task, task_hash, seed, success, failure_type, since }: RunFilter,
): boolean {
  return (
    (agent === undefined || one.agent_ref === agent) &&
    (agent_hash === undefined || one.agent_hash === agent_hash) &&
    (task === undefined || one.task_ref === task || one.task_ref.split('@')[0] === task) &&
    (task_hash === undefined || one.task_hash === task_hash) &&
    (seed === undefined || one.seed === seed) &&
    (success === undefined || one.success === success) &&
    (failure_type === undefined || one.failure_type === failure_type) &&
    (since === undefined || Date.parse(one.started_at) >= since.getTime())
  );
}

function pairsOf(runs: IndexedRun[]): [task: string, agent: string, runs: IndexedRun[]][] {
  const groups = new Map<string, IndexedRun[]>();
  for (const one of runs) groups.set(keyOf(one), [...(groups.get(keyOf(one)) ?? []), one]);
  return [...groups]
    .map(([key, group]) => [...(key.split(' ') as [string, string]), group] as [string, string, IndexedRun[]])
    .sort((left, right) => (`${left[0]} ${left[1]}` < `${right[0]} ${right[1]}` ? -1 : 1));
}

function keyOf({ task_ref, agent_ref }: IndexedRun): string {
  return `${task_ref} ${agent_ref}`;
}

function counts(runs: IndexedRun[]) {
  const succeeded = runs.filter(({ success }) => success).length;
  return { runs: runs.length, succeeded, success_rate: runs.length === 0 ? null : succeeded / runs.length };
}

function failures(runs: IndexedRun[]) {
  return Object.fromEntries(
    FAILURE_TYPES.map((type) => [type, runs.filter((one) => one.failure_type === type).length]),
  );
}

function summaryOf(runs: IndexedRun[]) {
  const mean = (group: IndexedRun[], field: 'steps_used' | 'tool_calls_used') =>
    group.reduce((sum, one) => sum + one[field], 0) / group.length;
  return {
    ...counts(runs),
    failure_types: failures(runs),
    first_started_at: runs.at(-1)?.started_at ?? null,
    last_started_at: runs[0]?.started_at ?? null,
    pairs: pairsOf(runs).map(([task_ref, agent_ref, group]) => ({
      task_ref,
      agent_ref,
      ...counts(group),
      mean_steps: mean(group, 'steps_used'),
      mean_tool_calls: mean(group, 'tool_calls_used'),
      last_started_at: group[0]?.started_at,
    })),
  };
}

/** The smallest value that at least the share of all values does not exceed, found by trying each. */
function ranks(values: number[]) {
  const at = (share: number) =>
    Math.min(
      ...values.filter((value) => values.filter((other) => other <= value).length * 100 >= share * values.length),
    );
  return { p50: at(50), p95: at(95) };
}

function metricsOf(task_ref: string, agent_ref: string, runs: IndexedRun[]) {
  const known = runs.filter(({ inputs_key }) => inputs_key !== null);
  const inputs = [...new Set(known.map(({ inputs_key }) => inputs_key))].map((key) =>
    known.filter(({ inputs_key }) => inputs_key === key),
  );
  const repeated = inputs.filter(({ length }) => length > 1);
  const reproduced = repeated.filter((group) => new Set(group.map(({ artifact_hash }) => artifact_hash)).size === 1);
  const clocks = runs.flatMap(({ wall_clock_elapsed_s: clock }) => (clock === null ? [] : [clock]));
  const bytes = runs.map(({ artifact_bytes }) => artifact_bytes);
  const model = (field: 'llm_calls' | 'llm_tokens') => {
    const values = runs.flatMap((one) => one[field] ?? []);
    const total = values.reduce((sum, value) => sum + value, 0);
    return values.length === 0 ? null : { runs: values.length, total, ...ranks(values) };
  };
  const reasons = [...new Set(runs.map((one) => one.termination_reason))];
  return {
    task_ref,
    agent_ref,
    ...counts(runs),
    reproducibility: {
      repeated: repeated.length,
      reproduced: reproduced.length,
      rate: repeated.length === 0 ? null : reproduced.length / repeated.length,
    },
    steps_used: {
      ...ranks(runs.map((one) => one.steps_used)),
      ceiling: Math.max(...runs.map((one) => one.budgets.steps)),
    },
    tool_calls_used: {
      ...ranks(runs.map((one) => one.tool_calls_used)),
      ceiling: Math.max(...runs.map((one) => one.budgets.tool_calls)),
    },
    failure_types: failures(runs),
    termination_reasons: Object.fromEntries(
      reasons.map((reason) => [reason, runs.filter((one) => one.termination_reason === reason).length]),
    ),
    wall_clock_elapsed_s: clocks.length === 0 ? null : ranks(clocks),
    artifact_bytes: { ...ranks(bytes), total: bytes.reduce((sum, value) => sum + value, 0) },
    llm_calls: model('llm_calls'),
    llm_tokens: model('llm_tokens'),
  };
}

/** Of each key's runs, oldest first: where each failure that follows no failure is made good. */
function recoveriesOf(newestFirst: IndexedRun[]) {
  return pairsOf(newestFirst).flatMap(([task_ref, agent_ref, group]) =>
    [0, 1, 2].flatMap((seed) => {
      const runs = group.filter((one) => one.seed === seed).reverse();
      const begun = runs.flatMap((one, at) => (!one.success && (runs[at - 1]?.success ?? true) ? [at] : []));
      const lengths = begun.flatMap((at) => {
        const end = runs.slice(at).find(({ success }) => success);
        const start = Date.parse((runs[at] as IndexedRun).started_at);
        return end === undefined ? [] : [(Date.parse(end.started_at) - start) / 1_000];
      });
      if (begun.length === 0) return [];
      const recovered = lengths.length;
      return [
        {
          task_ref,
          agent_ref,
          seed,
          runs: runs.length,
          failures: runs.filter(({ success }) => !success).length,
          outages: begun.length,
          recovered,
          unresolved: begun.length - recovered,
          mttr_s: recovered === 0 ? null : lengths.reduce((sum, one) => sum + one, 0) / recovered,
          longest_s: recovered === 0 ? null : Math.max(...lengths),
        },
      ];
    }),
  );
}
