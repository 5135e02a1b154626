import type { Artifact, Json } from '@tracecore/spec';
import { describe, expect, test } from 'vitest';
import { checkBudgets } from '../check-budgets.js';
import { checkHash } from '../check-hash.js';
import { sha256 } from '../node.js';
import { episode } from '../testing/episode.js';
import { applyChanges, type Change, readVectors } from '../testing/vectors.js';
import { checkRedactions, type Redaction, redactionsOf } from './check-redactions.js';
import { commitmentOf, type Disclosure } from './commitment.js';
import { checkDisclosure, type DisclosureFile, parseDisclosure, selectDisclosures } from './disclosure.js';
import { redactArtifact } from './redact-artifact.js';

interface CommitmentVector extends Disclosure {
  name: string;
  commitment: string;
}

const { artifact: redacted, disclosure } = redactArtifact(episode({ executed: 3 }), {
  pointers: ['/action_trace/*/result/value', '/action_trace/0/action/args'],
  sha256,
  random: (length) => crypto.getRandomValues(new Uint8Array(length)),
});
const [first, second] = redactionsOf(redacted) as [Redaction, Redaction];
const FOREIGN = `sha256:${'0'.repeat(64)}`;

test.each(readVectors<CommitmentVector[]>('redactions/commitments.json'))('commitment: $name', (vector) => {
  expect(commitmentOf(vector, sha256)).toBe(vector.commitment);
});

describe('the vector of a redacted artifact', () => {
  const artifact = readVectors<Artifact>('redactions/artifact.json');
  const file = parseDisclosure(readVectors<Json>('redactions/disclosure.json'));

  test('holds, and its disclosure proves what it says', () => {
    expect([...checkHash(artifact, sha256), ...checkBudgets(artifact), ...checkRedactions(artifact)]).toEqual([]);
    const { proven, findings } = checkDisclosure(artifact, file, sha256);
    expect(findings).toEqual([]);
    expect(proven.map(({ pointer, places, value }) => [pointer, places.length, value])).toEqual([
      ['/action_trace/0/result/content', 2, 'ALERT_CODE=ALERT-432\n'],
      ['/action_trace/1/action/args', 1, { key: 'ALERT_CODE', value: 'ALERT-432' }],
    ]);
  });
});

describe('checkRedactions', () => {
  const tampered: [string, Change[], string, string][] = [
    [
      'another commitment',
      [{ pointer: '/redactions/0/commitment', value: FOREIGN }],
      'REDACTION_MISMATCH',
      first.pointer,
    ],
    [
      'another placeholder',
      [{ pointer: first.pointer, value: `redacted:${FOREIGN}` }],
      'REDACTION_MISMATCH',
      first.pointer,
    ],
    ['a value in its place', [{ pointer: first.pointer, value: 'seen 1' }], 'REDACTION_MISMATCH', first.pointer],
    ['no value in its place', [{ pointer: first.pointer }], 'REDACTION_MISMATCH', first.pointer],
    ['an entry less', [{ pointer: '/redactions/0' }], 'REDACTION_MISMATCH', first.pointer],
    [
      'pointers exchanged',
      [
        { pointer: '/redactions/0/pointer', value: '/action_trace/1/result/value' },
        { pointer: '/redactions/2/pointer', value: first.pointer },
      ],
      'REDACTION_MISMATCH',
      '/action_trace/1/result/value',
    ],
    ['a pointer twice', [{ pointer: '/redactions/1', value: { ...first } }], 'REDACTION_INVALID', '/redactions/1'],
    ['no list', [{ pointer: '/redactions', value: {} }], 'REDACTION_INVALID', '/redactions'],
    [
      'an entry of another form',
      [{ pointer: '/redactions/0', value: first.pointer }],
      'REDACTION_INVALID',
      '/redactions/0',
    ],
    [
      'a short commitment',
      [{ pointer: '/redactions/0/commitment', value: 'sha256:00' }],
      'REDACTION_INVALID',
      '/redactions/0',
    ],
    [
      'a place that has to stay',
      [
        { pointer: '/agent_ref', value: `redacted:${FOREIGN}` },
        {
          pointer: `/redactions/${redactionsOf(redacted).length}`,
          value: { pointer: '/agent_ref', commitment: FOREIGN },
        },
      ],
      'REDACTION_INVALID',
      `/redactions/${redactionsOf(redacted).length}`,
    ],
  ];
  test.each(tampered)('%s', (_, changes, code, pointer) => {
    const [found] = checkRedactions(applyChanges(redacted, changes));
    expect([found?.code, found?.pointer]).toEqual([code, pointer]);
  });

  test('one commitment for two values that do not repeat each other', () => {
    const third = redactionsOf(redacted)[2] as Redaction;
    const forged = applyChanges(redacted, [
      { pointer: third.pointer, value: `redacted:${first.commitment}` },
      { pointer: '/redactions/2/commitment', value: first.commitment },
    ]);
    expect(checkRedactions(forged)).toMatchObject([{ code: 'REDACTION_INVALID', pointer: '/redactions/2' }]);
  });

  test('an artifact without redactions has none to check, whatever its texts look like', () => {
    expect(checkRedactions({ ...episode(), note: `redacted:${FOREIGN}` } as unknown as Artifact)).toEqual([]);
    expect(redactionsOf(episode())).toEqual([]);
  });
});

describe('checkDisclosure', () => {
  const codesOf = (file: DisclosureFile, of: Artifact = redacted) => {
    const { proven, findings } = checkDisclosure(of, file, sha256);
    return { proven: proven.map(({ pointer }) => pointer), codes: findings.map(({ code }) => code) };
  };
  const with_ = (changes: Change[]) => applyChanges(disclosure, changes);
  const all = disclosure.disclosures.map(({ pointer }) => pointer);

  test('proves every value, with the places that it stood in', () => {
    expect(codesOf(disclosure)).toEqual({ proven: all, codes: [] });
    expect(checkDisclosure(redacted, disclosure, sha256).proven[0]).toEqual({
      pointer: first.pointer,
      places: [first.pointer, second.pointer],
      value: 'seen 1',
    });
  });

  test.each<[string, Change[], string]>([
    ['another value', [{ pointer: '/disclosures/0/value', value: 'seen 9' }], 'DISCLOSURE_MISMATCH'],
    ['a value of another kind', [{ pointer: '/disclosures/0/value', value: ['seen 1'] }], 'DISCLOSURE_MISMATCH'],
    ['another salt', [{ pointer: '/disclosures/0/salt', value: '0'.repeat(64) }], 'DISCLOSURE_MISMATCH'],
    ['no redaction there', [{ pointer: '/disclosures/0/pointer', value: '/seed' }], 'DISCLOSURE_UNKNOWN_POINTER'],
    [
      'the place that only repeats it',
      [{ pointer: '/disclosures/0/pointer', value: second.pointer }],
      'DISCLOSURE_MISMATCH',
    ],
  ])('%s proves nothing there, and the rest all the same', (_, changes, code) => {
    expect(codesOf(with_(changes))).toEqual({ proven: all.slice(1), codes: [code] });
  });

  test('salts that are exchanged open neither', () => {
    const [one, two] = disclosure.disclosures as [Disclosure, Disclosure];
    const swapped = with_([
      { pointer: '/disclosures/0/salt', value: two.salt },
      { pointer: '/disclosures/1/salt', value: one.salt },
    ]);
    expect(codesOf(swapped)).toEqual({ proven: all.slice(2), codes: ['DISCLOSURE_MISMATCH', 'DISCLOSURE_MISMATCH'] });
  });

  test('pointers that are exchanged open neither', () => {
    const swapped = with_([
      { pointer: '/disclosures/0/pointer', value: all[1] as string },
      { pointer: '/disclosures/1/pointer', value: all[0] as string },
    ]);
    expect(codesOf(swapped).codes).toEqual(['DISCLOSURE_MISMATCH', 'DISCLOSURE_MISMATCH']);
  });

  test.each(['run_id', 'artifact_hash'])('of another %s is named as that', (field) => {
    expect(codesOf(with_([{ pointer: `/${field}`, value: 'another' }]))).toEqual({
      proven: [],
      codes: ['DISCLOSURE_OTHER_RUN'],
    });
  });
});

describe('parseDisclosure', () => {
  test.each<[string, unknown]>([
    ['', []],
    ['', 'text'],
    ['/version', { ...disclosure, version: 2 }],
    ['/run_id', { ...disclosure, run_id: 1 }],
    ['/artifact_hash', { ...disclosure, artifact_hash: null }],
    ['/disclosures', { ...disclosure, disclosures: {} }],
    ['/disclosures/0/pointer', { ...disclosure, disclosures: ['x'] }],
    ['/disclosures/0/salt', { ...disclosure, disclosures: [{ pointer: '/a', salt: 'AA', value: 1 }] }],
    ['/disclosures/0/value', { ...disclosure, disclosures: [{ pointer: '/a', salt: '0'.repeat(64) }] }],
  ])('names what is wrong at "%s"', (at, value) => {
    expect(() => parseDisclosure(value as Json)).toThrow(
      expect.objectContaining({ name: 'ArtifactError', code: 'DISCLOSURE_INVALID', at }),
    );
  });
});

test('a part of a disclosure is what stands at a pointer and below it', () => {
  const pointersIn = (pointer: string) => selectDisclosures(disclosure, pointer).map((one) => one.pointer);
  expect(pointersIn('/action_trace/0')).toEqual([first.pointer, '/action_trace/0/action/args']);
  expect(pointersIn(first.pointer)).toEqual([first.pointer]);
  expect(() => pointersIn('/action_trace/0/resul')).toThrow(
    expect.objectContaining({ code: 'DISCLOSURE_UNKNOWN_POINTER' }),
  );
});
