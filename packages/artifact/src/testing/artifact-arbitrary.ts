import { type Artifact, FAILURE_TYPES, type Json, TERMINATION_REASONS } from '@tracecore/spec';
import fc from 'fast-check';
import { json } from './json-arbitrary.js';
import { type Change, sampleArtifact } from './vectors.js';

const count = fc.nat({ max: 3 });
const counts = fc.record({ steps: count, tool_calls: count });
const object = fc.dictionary(fc.string({ unit: 'grapheme-ascii', maxLength: 3 }), json, { maxKeys: 3 });
const text = fc.constantFrom('a', 'b');
const when = fc.constantFrom('2026-03-01T10:00:00.000Z', '2026-03-02T10:00:00+00:00');

const audit = fc.array(
  fc.record(
    { type: fc.constantFrom('fs', 'net', 'custom'), op: text, path: fc.option(text), extra: json },
    { requiredKeys: ['type'] },
  ),
  { maxLength: 4 },
);

const entry = fc.record(
  {
    step: fc.integer({ min: 1, max: 3 }),
    action_ts: when,
    observation: fc.record(
      {
        step: fc.integer({ min: 1, max: 3 }),
        task: fc.record({ id: text }),
        last_action: fc.option(object),
        visible_state: object,
        budget_remaining: counts,
      },
      { requiredKeys: ['step', 'task', 'budget_remaining'] },
    ),
    action: object,
    result: object,
    io_audit: audit,
    budget_after_step: counts,
    budget_delta: counts,
    llm_trace: fc.option(fc.array(json, { maxLength: 2 })),
    telemetry: fc.record({ latency: count }),
    extra: json,
  },
  {
    requiredKeys: [
      'step',
      'action_ts',
      'observation',
      'action',
      'result',
      'io_audit',
      'budget_after_step',
      'budget_delta',
    ],
  },
);

const changes = fc.record(
  {
    run_id: fc.constantFrom('0'.repeat(32), '1'.repeat(32)),
    started_at: when,
    agent_ref: text,
    agent_hash: fc.option(text),
    task_ref: fc.constantFrom('a@1', 'a@2', 'b@1'),
    seed: count,
    budgets: counts,
    success: fc.boolean(),
    termination_reason: fc.constantFrom(...TERMINATION_REASONS),
    failure_type: fc.option(fc.constantFrom(...FAILURE_TYPES)),
    failure_reason: fc.option(text),
    steps_used: count,
    tool_calls_used: count,
    action_trace: fc.array(entry, { maxLength: 4 }),
    validator: fc.option(fc.record({ ok: fc.boolean(), payload: fc.option(object) }, { requiredKeys: [] })),
    isolation: object,
    extra: json,
  },
  { requiredKeys: [] },
);

/** An artifact that the schema takes, whether or not its arithmetic and its taxonomy hold. Two of them often share parts. */
export const artifact: fc.Arbitrary<Artifact> = changes.map(
  (changed) => ({ ...sampleArtifact(), ...changed }) as unknown as Artifact,
);

/** An edit of one place that `leavesOf` names, to another value of the same kind; something is put into what is empty. */
export function editOf([pointer, value]: [string, Json]): Required<Change> {
  if (Array.isArray(value)) return { pointer: `${pointer}/0`, value: { type: 'custom' } };
  if (value !== null && typeof value === 'object') return { pointer: `${pointer}/extra`, value: 1 };
  if (typeof value === 'string') return { pointer, value: `${value} and more` };
  // 2n + 1 is another double even where n + 1 is not.
  if (typeof value === 'number') return { pointer, value: 2 * value + 1 };
  return { pointer, value: value === null ? 'something' : !value };
}

/** The pointer of everything in a document that is not a container with something in it. */
export function leavesOf(value: Json, pointer = ''): [pointer: string, value: Json][] {
  if (value === null || typeof value !== 'object') return [[pointer, value]];
  const members = Object.entries(value);
  if (members.length === 0) return [[pointer, value as Json]];
  return members.flatMap(([name, child]) => leavesOf(child as Json, `${pointer}/${name}`));
}
