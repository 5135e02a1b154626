import { sealArtifact } from '@tracecore/artifact';
import { sha256 } from '@tracecore/artifact/node';
import type { Artifact } from '@tracecore/spec';
import { expect, test } from 'vitest';
import { run, runId } from '../testing/runs.js';
import { describeRun } from './describe-run.js';

const known = { run_id: runId('a1'), agent_hash: 'sha256:code' };
const keyOf = (fields: Partial<Artifact>) => describeRun(run({ ...known, ...fields }), 1, 'a.json').inputs_key;

test('runs of the same inputs have one key, whatever a clock, a machine or chance decided', () => {
  const key = keyOf({});
  expect(key).toMatch(/^[0-9a-f]{13}$/);
  expect(
    keyOf({
      run_id: runId('b2'),
      trace_id: runId('b2'),
      started_at: '2020-01-01T00:00:00Z',
      wall_clock_elapsed_s: 99,
      isolation: { host: 'isolate' },
      success: false,
      termination_reason: 'timeout',
      failure_type: 'timeout',
      artifact_hash: 'sha256:other',
    }),
  ).toBe(key);
});

test.each<[string, Partial<Artifact>]>([
  ['seed', { seed: 99 }],
  ['agent', { agent_hash: 'sha256:other' }],
  ['task', { task_hash: 'sha256:other' }],
  ['budgets', { budgets: { steps: 1, tool_calls: 1 } }],
  ['runtime', { runtime_identity: { name: 'other', version: '1' } }],
  ['limits', { limits: { fuel: 1 } }],
  ['tools', { tools: ['read_file'] }],
  ['point of a fork', { forked_from: { artifact_hash: 'sha256:x', at: 2 } }],
])('another %s is another key', (_, fields) => {
  expect(keyOf(fields)).not.toBe(keyOf({}));
});

test('an agent without a hash and a redacted run have no key: nobody knows what they were given', () => {
  const { agent_hash: _, ...unknown } = run(known);
  expect(describeRun(unknown as Artifact, 1, 'a.json').inputs_key).toBeNull();
  const { artifact_hash: __, ...rest } = run(known);
  const redacted = sealArtifact({ ...rest, redactions: [] } as never, sha256);
  expect(describeRun(redacted, 1, 'a.json').inputs_key).toBeNull();
});

test.each<[string, unknown[], number | null]>([
  ['total_tokens', [{ usage: { total_tokens: 5 } }, { response: { usage: { total_tokens: 6 } } }], 11],
  ['tokens_used', [{ response: { tokens_used: 4 } }, { tokens_used: 3 }], 7],
  ['input and output', [{ usage: { prompt_tokens: 2, completion_tokens: 3 } }, { usage: { input_tokens: 4 } }], 9],
  ['some calls alone', [{ usage: { total_tokens: 5 } }, { response: {} }], 5],
  ['no call', [{ response: 'text' }, null, 7, { usage: { total_tokens: -1 } }], null],
])('tokens are counted where %s tells them', (_, llm_trace, tokens) => {
  const artifact = run(known);
  const [first, ...others] = artifact.action_trace;
  const described = describeRun(
    { ...artifact, action_trace: [{ ...first, llm_trace }, ...others] } as Artifact,
    1,
    'a.json',
  );
  expect([described.llm_calls, described.llm_tokens]).toEqual([llm_trace.length, tokens]);
  expect(describeRun(artifact, 1, 'a.json')).toMatchObject({ llm_calls: null, llm_tokens: null });
});
