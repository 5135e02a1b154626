import { type Artifact, artifactIssues, type Json, type JsonObject } from '@tracecore/spec';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkBudgets } from '../check-budgets.js';
import { checkHash } from '../check-hash.js';
import { checkTaxonomy } from '../check-taxonomy.js';
import { firstDifference } from '../first-difference.js';
import { sha256 } from '../node.js';
import { valueAt } from '../redact/places.js';
import { isReferenceArtifact, isReferenceRun, referenceHash } from '../reference.js';
import { episode } from '../testing/episode.js';
import { applyChanges, type Change, pythonArtifacts, readVectors } from '../testing/vectors.js';
import { migrateArtifact } from './migrate-artifact.js';
import type { Migration } from './types.js';

const DICE = pythonArtifacts().find(([name]) => name.startsWith('dice-game'))?.[1] as string;

/** Fields that files from before v1.0 lack, any of them. */
const TOP = [
  'spec_version',
  'trace_id',
  'agent',
  'agent_ref',
  'task_id',
  'task_ref',
  'version',
  'task_hash',
  'runtime_identity',
  'harness_version',
  'budgets',
  'failure_type',
  'termination_reason',
  'success',
  'steps_used',
  'tool_calls_used',
  'metrics',
  'validator',
  'evidence_links',
  'wall_clock_elapsed_s',
  'sandbox',
];
const IN_ENTRY = [
  'step',
  'action_ts',
  'observation',
  'io_audit',
  'budget_after_step',
  'budget_delta',
  'llm_trace',
  'telemetry',
];
const IN_OBSERVATION = ['step', 'task', 'budget_remaining', 'last_action', 'last_action_result', 'visible_state'];

/** A v1.0 file as an older runtime would have written it: without a hash, without these fields. */
function aged(
  text: string,
  top: readonly string[],
  inEntry: readonly string[] = [],
  inSeen: readonly string[] = [],
): JsonObject {
  const document = without(JSON.parse(text) as JsonObject, ['artifact_hash', 'spec_version', ...top]);
  const trace = (document.action_trace as JsonObject[]).map((entry) => {
    const kept = without(entry, inEntry);
    return kept.observation ? { ...kept, observation: without(kept.observation as JsonObject, inSeen) } : kept;
  });
  return { ...document, action_trace: trace };
}

function without(object: JsonObject, fields: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([field]) => !fields.includes(field)));
}

const migrate = (document: unknown): Migration =>
  migrateArtifact(typeof document === 'string' ? document : JSON.stringify(document), sha256);

function migrated(document: unknown): Extract<Migration, { state: 'migrated' }> {
  const migration = migrate(document);
  if (migration.state === 'migrated') return migration;
  throw new Error(`expected a migrated artifact, got ${JSON.stringify(migration)}`);
}

function expectWhole(artifact: Artifact): void {
  expect(artifactIssues(artifact)).toEqual([]);
  expect([...checkBudgets(artifact), ...checkTaxonomy(artifact), ...checkHash(artifact, sha256)]).toEqual([]);
  expect([isReferenceRun(artifact), isReferenceArtifact(artifact)]).toEqual([true, false]);
}

describe('a file of v1.0 is current', () => {
  test.each([...pythonArtifacts(), ['this runtime', JSON.stringify(episode({ executed: 2 }))] as [string, string]])(
    '%s',
    (_, text) => {
      expect(migrate(text)).toEqual({ state: 'current' });
    },
  );
});

describe('an old file', () => {
  test.each(pythonArtifacts())('without any field that can be missing is brought to v1.0 as it was: %s', (_, text) => {
    const original = JSON.parse(text) as Artifact;
    const fields = ['agent_ref', 'task_ref', 'trace_id', 'runtime_identity', 'failure_type', 'success'];
    const { artifact, record } = migrated(
      aged(text, fields, ['io_audit', 'budget_after_step', 'budget_delta', 'step']),
    );
    expectWhole(artifact);
    const audited = applyChanges(
      original,
      original.action_trace.map((_, index): Change => ({ pointer: `/action_trace/${index}/io_audit`, value: [] })),
    );
    const { migration, artifact_hash: _hash, ...rest } = artifact as unknown as JsonObject;
    const { artifact_hash: __, ...before } = audited as unknown as JsonObject;
    expect(migration).toEqual(record);
    expect(firstDifference(before, rest)).toBe(null);
    expect(record.assumed).toEqual(
      record.changed.filter((pointer) => /^\/(?:trace_id|runtime_identity)$|io_audit$/.test(pointer)),
    );
  });

  test('says where it came from, what was filled in, and what of that is assumed', () => {
    const old = aged(DICE, ['task_hash', 'agent_ref', 'wall_clock_elapsed_s'], ['observation']);
    const { artifact, record } = migrated({ ...old, spec_version: 'tracecore-spec-v0.1' });
    expect(record).toEqual({
      from: 'tracecore-spec-v0.1',
      changed: [
        '/spec_version',
        '/agent_ref',
        '/task_hash',
        '/wall_clock_elapsed_s',
        ...[0, 1, 2].map((index) => `/action_trace/${index}/observation`),
      ],
      assumed: [
        '/task_hash',
        '/wall_clock_elapsed_s',
        ...[0, 1, 2].map((index) => `/action_trace/${index}/observation`),
      ],
      previous_hash: null,
    });
    expect(artifact).toMatchObject({
      task_hash: 'unknown',
      agent_ref: 'agents/dice_game_agent.py',
      wall_clock_elapsed_s: null,
    });
    expect(artifact.action_trace[1]?.observation).toEqual({
      step: 2,
      task: { id: 'dice_game' },
      budget_remaining: { steps: 2, tool_calls: 2 },
    });
  });

  test('keeps the hash it had, when that belongs to it', () => {
    const old = { ...aged(DICE, ['agent_ref']), artifact_hash: '' };
    const artifact_hash = referenceHash(JSON.stringify(old), sha256);
    const { artifact, record } = migrated({ ...old, artifact_hash });
    expect(record.previous_hash).toBe(artifact_hash);
    expectWhole(artifact);
  });

  test.each([undefined, null, 'v0.1', '0.9', 'v0.1.2', 'tracecore-spec-v0.1'])('may call its version %s', (version) => {
    const { record } = migrated({ ...aged(DICE, []), ...(version === undefined ? {} : { spec_version: version }) });
    expect(record.from).toBe(version ?? 'unversioned');
  });

  test('takes times without a zone for UTC', () => {
    const { artifact, record } = migrated({ ...aged(DICE, []), started_at: '2025-01-31 09:30:00.5' });
    expect([artifact.started_at, record.assumed]).toEqual(['2025-01-31T09:30:00.5Z', ['/started_at']]);
  });

  test('of a refused last action has a step that cost no tool call', () => {
    const text = pythonArtifacts().find(([, content]) => /"termination_reason": "invalid_action"/.test(content))?.[1];
    const refused = JSON.parse(text ?? JSON.stringify(refusedRun())) as Artifact;
    const { artifact } = migrated(
      aged(JSON.stringify(refused), ['isolation', 'determinism'], ['budget_delta', 'budget_after_step']),
    );
    expect(artifact.action_trace.at(-1)?.budget_delta).toEqual({ steps: 1, tool_calls: 0 });
    expect(checkBudgets(artifact)).toEqual([]);
  });
});

describe('limits that are gone', () => {
  const steps = (document: unknown) => {
    const { artifact, record } = migrated(document);
    return [artifact.budgets.steps, record.assumed.includes('/budgets')];
  };

  test('are read from what the first step had left', () => {
    expect(steps(aged(DICE, ['budgets']))).toEqual([3, false]);
  });

  test('are what was used, and assumed, where no step tells', () => {
    const { artifact, record } = migrated(aged(DICE, ['budgets'], ['budget_after_step'], ['budget_remaining']));
    expect(artifact.budgets).toEqual({ steps: 3, tool_calls: 3 });
    expect(record.assumed).toEqual(
      expect.arrayContaining([
        '/budgets',
        '/action_trace/0/observation/budget_remaining',
        '/action_trace/2/budget_after_step',
      ]),
    );
    expectWhole(artifact);
  });

  test('one of them alone is filled by itself', () => {
    const old = { ...aged(DICE, [], [], ['budget_remaining']), budgets: { steps: 3 } };
    expect(migrated(old).record.assumed[0]).toBe('/budgets/tool_calls');
  });
});

describe('the outcome', () => {
  test.each<[string, JsonObject, string | null, string]>([
    ['success tells the reason', { success: true }, null, 'success'],
    ['timeout tells the reason', { success: false, failure_type: 'timeout' }, 'timeout', 'timeout'],
    ['a reason tells the rest', { termination_reason: 'logic_failure' }, 'logic_failure', 'logic_failure'],
    [
      'a type of null on a failure is filled',
      { success: false, termination_reason: 'logic_failure', failure_type: null },
      'logic_failure',
      'logic_failure',
    ],
  ])('%s', (_, fields, type, reason) => {
    const { artifact } = migrated({ ...aged(DICE, ['success', 'termination_reason', 'failure_type']), ...fields });
    expect(artifact).toMatchObject({ success: reason === 'success', termination_reason: reason, failure_type: type });
  });

  test.each<[string, JsonObject]>([
    ['nothing at all', {}],
    ['a failure of no kind', { success: false }],
    ['a type with several reasons', { success: false, failure_type: 'budget_exhausted' }],
    ['a reason of no taxonomy', { success: false, termination_reason: 'gave_up' }],
    ['a success that is a text', { success: 'yes', termination_reason: 'success' }],
  ])('cannot be told from %s', (_, fields) => {
    const old = { ...aged(DICE, ['success', 'termination_reason', 'failure_type']), ...fields };
    expect(migrate(old)).toMatchObject({ state: 'refused', code: 'OUTCOME_UNKNOWN' });
  });
});

describe('is left alone, with a code', () => {
  const old = aged(DICE, ['agent_ref']);
  const edit = (...changes: Change[]) => applyChanges(old, changes);
  test.each<[string, unknown, string, string]>([
    ['a torn file', DICE.slice(0, 700), 'JSON_INVALID', ''],
    ['a key twice', DICE.replace('{', '{"seed": 1,'), 'JSON_INVALID', ''],
    ['a list', [], 'NOT_AN_ARTIFACT', ''],
    ['a manifest', { run_id: 'x', task_ref: 'a@1' }, 'NOT_AN_ARTIFACT', ''],
    ['a later version', { ...old, spec_version: 'tracecore-spec-v2.0' }, 'SPEC_VERSION_UNKNOWN', '/spec_version'],
    ['a version that is a number', { ...old, spec_version: 1 }, 'SPEC_VERSION_UNKNOWN', '/spec_version'],
    ['v1.0 that breaks its schema', { ...old, spec_version: 'tracecore-spec-v1.0' }, 'ARTIFACT_INVALID', '/agent_ref'],
    [
      'a hash that is not its own',
      { ...old, artifact_hash: `sha256:${'0'.repeat(64)}` },
      'HASH_MISMATCH',
      '/artifact_hash',
    ],
    ['no trace', edit({ pointer: '/action_trace', value: null }), 'TRACE_UNKNOWN', '/action_trace'],
    ['a step without a result', edit({ pointer: '/action_trace/1/result' }), 'TRACE_UNKNOWN', '/action_trace/1/result'],
    [
      'a step that is a text',
      edit({ pointer: '/action_trace/0', value: 'look' }),
      'TRACE_UNKNOWN',
      '/action_trace/0/action',
    ],
    ['no agent', edit({ pointer: '/agent' }), 'FIELD_UNKNOWN', '/agent'],
    ['no seed', edit({ pointer: '/seed' }), 'FIELD_UNKNOWN', '/seed'],
    ['no time', edit({ pointer: '/completed_at' }), 'FIELD_UNKNOWN', '/completed_at'],
    ['a task without a version', edit({ pointer: '/task_ref' }, { pointer: '/version' }), 'FIELD_UNKNOWN', '/task_ref'],
    ['two tasks', edit({ pointer: '/task_id', value: 'chess' }), 'FIELD_CONFLICT', '/task_ref'],
    ['two versions of it', edit({ pointer: '/version', value: 2 }), 'FIELD_CONFLICT', '/task_ref'],
    ['a field of another type', edit({ pointer: '/steps_used', value: 'three' }), 'ARTIFACT_INVALID', '/steps_used'],
    [
      'totals that do not add up',
      edit({ pointer: '/steps_used', value: 2 }, { pointer: '/metrics' }),
      'INCONSISTENT',
      '/steps_used',
    ],
    ['a step too many', edit({ pointer: '/action_trace/1/step', value: 3 }), 'INCONSISTENT', '/action_trace/1/step'],
    ['a success that failed', edit({ pointer: '/success', value: false }), 'INCONSISTENT', '/success'],
  ])('%s', (_, document, code, pointer) => {
    expect(migrate(document)).toMatchObject({ state: 'refused', code, pointer, message: expect.stringMatching(/\S/) });
  });

  test('a whole number that would be another one when written anew', () => {
    const text = JSON.stringify(old).replace('"seed":0', '"seed":0,"note":[12345678901234567891]');
    expect(migrate(text)).toMatchObject({
      state: 'refused',
      code: 'NUMBER_INEXACT',
      message: expect.stringContaining('12345678901234567891'),
    });
    expect(migrate(text.replace('12345678901234567891', '12345678901234567168')).state).toBe('migrated');
  });

  test('an episode that ended where a step may not be traced, and whose totals are gone', () => {
    const gone = without(aged(DICE, ['steps_used', 'metrics', 'failure_type']), []);
    const timeout = { ...gone, success: false, termination_reason: 'timeout' };
    expect(migrate(timeout)).toMatchObject({ state: 'refused', code: 'FIELD_UNKNOWN', pointer: '/steps_used' });
  });
});

test('any file with any of its fields gone is whole v1.0 afterwards or left alone; what it said stays, and once is enough', () => {
  const seen = { migrated: 0, refused: 0 };
  const some = (fields: readonly string[]) => fc.subarray([...fields]);
  const text = fc.constantFrom(...pythonArtifacts().map(([, content]) => content));
  fc.assert(
    fc.property(text, some(TOP), some(IN_ENTRY), some(IN_OBSERVATION), (whole, top, inEntry, inSeen) => {
      const old = aged(whole, top, inEntry, inSeen);
      const migration = migrate(old);
      if (migration.state !== 'current') seen[migration.state] += 1;
      if (migration.state === 'refused') {
        expect(['NOT_AN_ARTIFACT', 'OUTCOME_UNKNOWN', 'FIELD_UNKNOWN', 'INCONSISTENT']).toContain(migration.code);
        return;
      }
      const { artifact, record } = migrated(old);
      expectWhole(artifact);
      for (const [pointer, value] of leavesIn(old)) {
        expect([pointer, valueAt(artifact as unknown as Json, pointer)]).toEqual([pointer, value]);
      }
      expect(record.changed).toEqual([...new Set(record.changed)]);
      for (const pointer of record.assumed) expect(record.changed).toContain(pointer);
      expect(migrate(artifact)).toEqual({ state: 'current' });
    }),
    { numRuns: 300 },
  );
  expect(seen.migrated).toBeGreaterThan(20);
  expect(seen.refused).toBeGreaterThan(5);
});

function refusedRun(): Artifact {
  return readVectors<Artifact>('artifacts/valid/invalid-action.json');
}

/** Everything that a file says, without empty containers. */
function leavesIn(value: Json, pointer = ''): [string, Json][] {
  if (typeof value !== 'object' || value === null)
    return value === null && pointer.endsWith('failure_type') ? [] : [[pointer, value]];
  return Object.entries(value).flatMap(([key, child]) =>
    leavesIn(child as Json, `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`),
  );
}
