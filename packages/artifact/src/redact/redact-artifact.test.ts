import type { Artifact, Json, JsonObject } from '@tracecore/spec';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkBudgets } from '../check-budgets.js';
import { checkHash } from '../check-hash.js';
import { checkTaxonomy } from '../check-taxonomy.js';
import { ArtifactError } from '../error.js';
import { firstDifference } from '../first-difference.js';
import { hashArtifact } from '../hash-artifact.js';
import { sha256 } from '../node.js';
import { segmentsOf } from '../pointer.js';
import { isReferenceArtifact } from '../reference.js';
import { artifact } from '../testing/artifact-arbitrary.js';
import { episode } from '../testing/episode.js';
import { applyChanges } from '../testing/vectors.js';
import { checkRedactions, isRedacted, redactionsOf } from './check-redactions.js';
import { checkDisclosure, parseDisclosure } from './disclosure.js';
import { childrenOf, type Place, valueAt, withReplaced } from './places.js';
import { type RedactOptions, redactArtifact } from './redact-artifact.js';
import { refusalOf } from './redactable.js';

const RESULTS = '/action_trace/*/result/value';

/** Salts that count up, so that a test knows them. */
function counting(): (length: number) => Uint8Array {
  let drawn = 0;
  return (length) => {
    drawn += 1;
    return new Uint8Array(length).fill(drawn);
  };
}

function redact(original: Artifact, pointers: string[], options: Partial<RedactOptions> = {}) {
  return redactArtifact(original, { pointers, sha256, random: counting(), ...options });
}

/** The artifact with everything that a disclosure proves put back, and the hash that then belongs to it. */
function restored(redacted: Artifact, disclosure: Parameters<typeof checkDisclosure>[1]): JsonObject {
  const { proven } = checkDisclosure(redacted, disclosure, sha256);
  const values = new Map(proven.flatMap(({ places, value }) => places.map((place): [string, Json] => [place, value])));
  const { redactions: _, ...fields } = withReplaced(redacted as unknown as Json, values) as JsonObject;
  return { ...fields, artifact_hash: hashArtifact(fields, sha256) };
}

function failure(act: () => unknown): ArtifactError {
  try {
    act();
  } catch (error) {
    if (error instanceof ArtifactError) return error;
    throw error;
  }
  throw new Error('expected an ArtifactError, nothing was thrown');
}

describe('a redacted artifact', () => {
  const original = episode({ executed: 3 });
  const { artifact: redacted, disclosure } = redact(original, [RESULTS]);

  test('has placeholders where the values were, also where the next observation repeats them', () => {
    expect(redactionsOf(redacted).map(({ pointer }) => pointer)).toEqual([
      '/action_trace/0/result/value',
      '/action_trace/1/observation/last_action_result/value',
      '/action_trace/1/result/value',
      '/action_trace/2/observation/last_action_result/value',
      '/action_trace/2/result/value',
    ]);
    for (const { pointer, commitment } of redactionsOf(redacted)) {
      expect(valueAt(redacted as unknown as Json, pointer)).toBe(`redacted:${commitment}`);
    }
    expect(JSON.stringify(redacted)).not.toMatch(/seen \d/);
    expect(isRedacted(redacted)).toBe(true);
    expect(isRedacted(original)).toBe(false);
  });

  test('holds: hash, budgets, taxonomy and redactions', () => {
    expect(checkHash(redacted, sha256)).toEqual([]);
    expect([...checkBudgets(redacted), ...checkTaxonomy(redacted), ...checkRedactions(redacted)]).toEqual([]);
  });

  test('is told from its original by its hash, and the hash of the original stands nowhere in it', () => {
    const sealed = { ...original, artifact_hash: hashArtifact(original, sha256) };
    const again = redact(sealed, [RESULTS]).artifact;
    expect(JSON.stringify(again)).not.toContain(sealed.artifact_hash.slice('sha256:'.length));
    const quoting = { ...sealed, parent: sealed.artifact_hash } as Artifact;
    expect(failure(() => redact(quoting, [RESULTS]))).toMatchObject({ code: 'REDACTION_LEAKS', at: '/parent' });
  });

  test('is opened again by its salts, whole', () => {
    expect(disclosure.disclosures.map(({ pointer, value }) => [pointer, value])).toEqual([
      ['/action_trace/0/result/value', 'seen 1'],
      ['/action_trace/1/result/value', 'seen 2'],
      ['/action_trace/2/result/value', 'seen 3'],
    ]);
    expect(
      firstDifference({ ...original, artifact_hash: '' } as unknown as Json, {
        ...restored(redacted, disclosure),
        artifact_hash: '',
      }),
    ).toBe(null);
  });

  test('has another salt, and so another hash, each time', () => {
    const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
    const [one, two] = [redact(original, [RESULTS], { random }), redact(original, [RESULTS], { random })];
    expect(one.artifact.artifact_hash).not.toBe(two.artifact.artifact_hash);
    const salts = [...one.disclosure.disclosures, ...two.disclosure.disclosures].map(({ salt }) => salt);
    expect(new Set(salts).size).toBe(salts.length);
  });

  test('of a file of the Python runtime has the canonical hash', () => {
    const { determinism: _, isolation: __, ...fields } = original as Artifact & JsonObject;
    const python = { ...fields, runtime_identity: { name: 'tracecore', version: '1.0', git_sha: null } } as Artifact;
    expect(isReferenceArtifact(python)).toBe(true);
    const { artifact: made } = redact(python, [RESULTS]);
    expect(isReferenceArtifact(made)).toBe(false);
    expect(checkHash(made, sha256)).toEqual([]);
  });
});

test('every kind of value has a placeholder of a kind that fits', () => {
  const values = { text: 'secret', number: 12_345, flag: true, nothing: null, list: [1, 2], object: { a: 1 } };
  const original = applyChanges(episode({ executed: 1 }), [{ pointer: '/action_trace/0/result', value: values }]);
  const { artifact: redacted } = redact(original, ['/action_trace/0/result/*']);
  expect(redacted.action_trace[0]?.result).toEqual({
    text: expect.stringMatching(/^redacted:sha256:[0-9a-f]{64}$/),
    number: expect.stringMatching(/^redacted:sha256:/),
    flag: expect.stringMatching(/^redacted:sha256:/),
    nothing: expect.stringMatching(/^redacted:sha256:/),
    list: ['redacted', expect.stringMatching(/^sha256:[0-9a-f]{64}$/)],
    object: { redacted: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) },
  });
});

test('what lies inside of another redacted value is part of it', () => {
  const { artifact: redacted } = redact(episode({ executed: 2 }), [
    '/action_trace/0/result/value',
    '/action_trace/0/result',
  ]);
  expect(redactionsOf(redacted).map(({ pointer }) => pointer)).toEqual([
    '/action_trace/0/result',
    '/action_trace/1/observation/last_action_result',
  ]);
  expect(checkBudgets(redacted)).toEqual([]);
});

test('the place that repeats a value may be named as well as the value', () => {
  const pointer = '/action_trace/1/observation/last_action/args/place';
  const { artifact: redacted, disclosure } = redact(episode({ executed: 2 }), [pointer]);
  expect(disclosure.disclosures).toMatchObject([{ pointer: '/action_trace/0/action/args/place', value: 1 }]);
  expect([...checkBudgets(redacted), ...checkRedactions(redacted)]).toEqual([]);
});

describe('what has to stay is refused', () => {
  test.each([
    '/action_trace/0/step',
    '/action_trace/0/observation',
    '/action_trace/0/observation/step',
    '/action_trace/0/observation/budget_remaining/steps',
    '/action_trace/0/observation/task/id',
    '/action_trace/0/action',
    '/action_trace/0/action/type',
    '/action_trace/1/observation/last_action',
    '/action_trace/1/observation/last_action/type',
    '/action_trace/0/io_audit',
    '/action_trace/0/budget_delta/steps',
    '/action_trace',
    '/budgets',
    '/success',
    '/termination_reason',
    '/failure_type',
    '/task_ref',
    '/task_hash',
    '/agent_hash',
    '/artifact_hash',
    '/run_id',
    '/seed',
    '/*',
  ])('%s', (pointer) => {
    const { code, message } = failure(() => redact(episode({ executed: 2 }), [pointer]));
    expect([code, message]).toEqual(['REDACTION_NOT_ALLOWED', expect.stringMatching(/ has to stay: /)]);
  });

  test.each(['ok', 'terminal', 'success', 'termination_reason', 'failure_type'])('validator %s', (field) => {
    const original = { ...episode(), validator: { [field]: true, message: 'well done' } } as unknown as Artifact;
    expect(failure(() => redact(original, [`/validator/${field}`])).code).toBe('REDACTION_NOT_ALLOWED');
    if (field === 'ok') expect(redactionsOf(redact(original, ['/validator/message']).artifact)).toHaveLength(1);
  });

  test('a place whose kind leaves no room for a placeholder', () => {
    const original = applyChanges(episode({ executed: 1 }), [{ pointer: '/action_trace/0/llm_trace', value: null }]);
    const refused = failure(() => redact(original, ['/action_trace/0/llm_trace']));
    expect(refused).toMatchObject({ code: 'REDACTION_NOT_ALLOWED', at: '/action_trace/0/llm_trace' });
  });
});

test.each([
  ['no pointer', 'action_trace', 'REDACTION_POINTER_INVALID'],
  ['the whole', '', 'REDACTION_POINTER_INVALID'],
  ['a wrong escape', '/a~2', 'REDACTION_POINTER_INVALID'],
  ['nothing there', '/action_trace/9/result', 'REDACTION_NO_MATCH'],
  ['an index with a zero before it', '/action_trace/00/result', 'REDACTION_NO_MATCH'],
  ['a member of a prototype', '/action_trace/0/result/toString', 'REDACTION_NO_MATCH'],
])('%s is refused', (_, pointer, code) => {
  expect(failure(() => redact(episode({ executed: 1 }), [pointer])).code).toBe(code);
});

test('a redacted artifact is not redacted again, nor one that holds something like a placeholder', () => {
  const { artifact: redacted } = redact(episode({ executed: 1 }), [RESULTS]);
  expect(failure(() => redact(redacted, ['/action_trace/0/action/args'])).code).toBe('ALREADY_REDACTED');
  const posing = { ...episode({ executed: 1 }), note: `redacted:sha256:${'0'.repeat(64)}` } as unknown as Artifact;
  expect(failure(() => redact(posing, [RESULTS]))).toMatchObject({ code: 'ALREADY_REDACTED', at: '/note' });
});

describe('a redacted text that stands elsewhere', () => {
  const secret = 'tok-91';
  const value = (text: string, pointer: string) => ({ pointer, value: text });
  const spread = applyChanges(episode({ executed: 3 }), [
    value(secret, '/action_trace/0/result/value'),
    value(secret, '/action_trace/1/observation/last_action_result/value'),
    value(`it says ${secret}!`, '/action_trace/2/result/value'),
    { pointer: '/action_trace/1/observation/visible_state', value: { files: { [`/tmp/${secret}`]: 'x' } } },
  ]);

  test('is refused, and every place is named', () => {
    const { code, message } = failure(() => redact(spread, ['/action_trace/0/result/value']));
    expect(code).toBe('REDACTION_LEAKS');
    expect(message).toContain(
      'at /action_trace/1/observation/visible_state/files, /action_trace/2/result/value; --redact-everywhere redacts',
    );
  });

  test('is redacted everywhere where that is asked for', () => {
    const { artifact: redacted, disclosure } = redact(spread, ['/action_trace/0/result/value'], { everywhere: true });
    expect(JSON.stringify(redacted)).not.toContain(secret);
    expect([...checkBudgets(redacted), ...checkRedactions(redacted)]).toEqual([]);
    expect(disclosure.disclosures.map(({ pointer }) => pointer)).toEqual([
      '/action_trace/0/result/value',
      '/action_trace/1/observation/visible_state/files',
      '/action_trace/2/result/value',
    ]);
  });

  test('is refused also then where it has to stay', () => {
    const audited = applyChanges(spread, [
      { pointer: '/action_trace/0/io_audit/0', value: { type: 'fs', op: 'read', path: `/app/${secret}` } },
    ]);
    const refused = failure(() => redact(audited, ['/action_trace/0/result/value'], { everywhere: true }));
    expect(refused).toMatchObject({ code: 'REDACTION_LEAKS', at: '/action_trace/0/io_audit/0/path' });
    expect(refused.message).toContain('has to stay');
  });

  test('is looked for from four characters on, numbers too', () => {
    const two = (first: Json, second: Json) =>
      applyChanges(episode({ executed: 2 }), [
        { pointer: '/action_trace/0/result/value', value: first },
        { pointer: '/action_trace/1/observation/last_action_result/value', value: first },
        { pointer: '/action_trace/1/result/value', value: second },
      ]);
    const outcome = (first: Json, second: Json) => {
      try {
        return redact(two(first, second), ['/action_trace/0/result/value']).artifact && 'redacted';
      } catch (error) {
        return (error as ArtifactError).code;
      }
    };
    expect(outcome('abc', 'abcd')).toBe('redacted');
    expect(outcome('abcd', 'xxabcdxx')).toBe('REDACTION_LEAKS');
    expect(outcome(48_131, 48_131)).toBe('REDACTION_LEAKS');
    expect(outcome(48_131, 'code 48131')).toBe('REDACTION_LEAKS');
    expect(outcome({ inner: ['abcd'] }, 'abcd')).toBe('REDACTION_LEAKS');
  });
});

describe('any artifact', () => {
  test('with any of its values redacted holds, carries none of them, and is given back by its salts', () => {
    let redactions = 0;
    fc.assert(
      fc.property(artifact, fc.nat(), fc.boolean(), (original, seed, everywhere) => {
        const pointers = somePointers(original, seed);
        if (pointers.length === 0) return;
        let made: ReturnType<typeof redact>;
        try {
          made = redact(original, pointers, { everywhere });
        } catch (error) {
          // A text that stands where it has to stay, or a null where only a list or an object may stand.
          expect((error as ArtifactError).code).toMatch(/^REDACTION_(?:LEAKS|NOT_ALLOWED)$/);
          return;
        }
        const { artifact: redacted, disclosure } = made;
        redactions += 1;
        expect(checkRedactions(redacted)).toEqual([]);
        expect(checkHash(redacted, sha256)).toEqual([]);
        expect(checkBudgets(redacted).map(({ code }) => code)).toEqual(checkBudgets(original).map(({ code }) => code));
        const file = parseDisclosure(JSON.parse(JSON.stringify(disclosure)) as Json);
        const { proven, findings } = checkDisclosure(redacted, file, sha256);
        expect(findings).toEqual([]);
        expect(proven.flatMap(({ places }) => places).sort()).toEqual(
          redactionsOf(redacted)
            .map(({ pointer }) => pointer)
            .sort(),
        );
        const rehashed = { ...original, artifact_hash: hashArtifact(original, sha256) } as unknown as Json;
        expect(firstDifference(rehashed, restored(redacted, file))).toBe(null);
      }),
      { numRuns: 400 },
    );
    expect(redactions).toBeGreaterThan(50);
  });
});

/** Some of the places that may be redacted. */
function somePointers(original: Artifact, seed: number): string[] {
  const all: string[] = [];
  const visit = (place: Place) => {
    if (place.pointer !== '' && refusalOf(segmentsOf(place.pointer) as string[]) === null) all.push(place.pointer);
    for (const child of childrenOf(place)) visit(child);
  };
  visit({ pointer: '', value: original as unknown as Json });
  return all.filter((_, index) => (seed >> (index % 20)) % 3 === 1);
}
