import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DisclosureFile, parseDisclosure } from '@tracecore/artifact';
import type { Json, JsonObject } from '@tracecore/spec';
import { describe, expect, test } from 'vitest';
import { nodeFiles } from './files.js';
import { sealBundle } from './seal-bundle.js';
import {
  readTexts,
  rehashed,
  signedBy,
  type Texts,
  withDocuments,
  withIntegrity,
  writeTexts,
} from './testing/forger.js';
import { interruptedFiles } from './testing/interrupted-files.mjs';
import { artifactText, artifactWith, codesOf, newKeyRing, temporaryFolder } from './testing/samples.js';
import { verifyBundle } from './verify-bundle.js';

const RUN_ID = '0190f3a27c4e4b7d8a519e2c6d3f4b10';
const CONTENT = '/action_trace/0/result/content';
const ARGS = '/action_trace/1/action/args';
const owner = newKeyRing();

interface Sealed {
  dir: string;
  bundles: string;
  saltsFile: string;
  disclosure: DisclosureFile;
}

async function sealRedacted(pointers = [CONTENT, ARGS], text = artifactText()): Promise<Sealed> {
  const bundles = join(temporaryFolder(), 'bundles');
  const saltsFile = join(temporaryFolder(), 'run.salts.json');
  const redaction = { pointers, saltsFile };
  const { dir, redacted } = await sealBundle({ artifactText: text, dir: bundles, signingKey: owner.key, redaction });
  const disclosure = parseDisclosure(JSON.parse(readFileSync(saltsFile, 'utf8')) as Json);
  expect(redacted).toBe(disclosure.disclosures.length);
  return { dir, bundles, saltsFile, disclosure };
}

const reportOn = (dir: string, disclosure?: DisclosureFile) =>
  verifyBundle(dir, { trust: owner.trust, requireSignature: true, ...(disclosure ? { disclosure } : {}) });

describe('a redacted bundle', () => {
  test('verifies, signature and all, and its report counts what is redacted', async () => {
    const { dir } = await sealRedacted();
    const report = await reportOn(dir);
    expect(codesOf(report)).toEqual([]);
    expect(report).toMatchObject({ ok: true, run_id: RUN_ID, redacted: 2, signature: { status: 'trusted' } });
    expect(report.proven).toBeUndefined();
    expect(report.checks.map(({ check, status }) => `${check} ${status}`)).toContain('redactions ok');
  });

  test('has no byte of what is redacted in any file, nor the hash of the original', async () => {
    const { dir, disclosure } = await sealRedacted();
    const { artifact_hash: original } = JSON.parse(artifactText()) as { artifact_hash: string };
    const texts = disclosure.disclosures.flatMap(({ value }) => leaves(value));
    expect(texts).toContain('ALERT_CODE=ALERT-432\n');
    for (const name of readdirSync(dir)) {
      const bytes = readFileSync(join(dir, name));
      const payload = name === 'attestation.dsse.json' ? payloadOf(bytes.toString('utf8')) : '';
      for (const text of [...texts, original.slice('sha256:'.length)]) {
        const spelled = JSON.stringify(text).slice(1, -1);
        expect([name, bytes.includes(spelled) || bytes.includes(text) || payload.includes(spelled)]).toEqual([
          name,
          false,
        ]);
      }
    }
  });

  test('of a run of the Python runtime verifies too', async () => {
    const { dir } = await sealRedacted(
      ['/action_trace/*/result'],
      artifactText('python/dice-game--dice-game-agent.json'),
    );
    expect(codesOf(await reportOn(dir))).toEqual([]);
  });

  test('leaves its salts outside, open to their owner alone', async () => {
    const { dir, saltsFile } = await sealRedacted();
    if (process.platform !== 'win32') expect(statSync(saltsFile).mode & 0o777).toBe(0o600);
    expect(readdirSync(dir).sort()).toEqual([
      'artifact.json',
      'attestation.dsse.json',
      'integrity.sha256',
      'manifest.json',
      'tool_calls.jsonl',
      'validator.json',
    ]);
  });

  test('is opened by them, value by value', async () => {
    const { dir, disclosure } = await sealRedacted();
    const report = await reportOn(dir, disclosure);
    expect([report.ok, report.proven]).toEqual([
      true,
      [
        {
          pointer: CONTENT,
          places: [CONTENT, '/action_trace/1/observation/last_action_result/content'],
          value: 'ALERT_CODE=ALERT-432\n',
        },
        { pointer: ARGS, places: [ARGS], value: { key: 'ALERT_CODE', value: 'ALERT-432' } },
      ],
    ]);
  });
});

describe('what somebody changes who knows every rule and signs again by a trusted key', () => {
  const forged = async (edit: (artifact: JsonObject, values: JsonObject[]) => void) => {
    const { dir, disclosure } = await sealRedacted();
    const texts: Texts = readTexts(dir);
    const artifact = JSON.parse(texts.get('artifact.json') as string) as JsonObject;
    edit(artifact, artifact.redactions as JsonObject[]);
    writeTexts(
      dir,
      signedBy(owner.key, withIntegrity(withDocuments(new Map([...texts, ['artifact.json', rehashed(artifact)]])))),
    );
    return { report: await reportOn(dir), opened: await reportOn(dir, disclosure) };
  };
  const entry = (artifact: JsonObject, index: number) => (artifact.action_trace as JsonObject[])[index] as JsonObject;
  const FOREIGN = `sha256:${'0'.repeat(64)}`;

  test.each<[string, Parameters<typeof forged>[0], string]>([
    ['a commitment', (_, list) => Object.assign(list[0] as object, { commitment: FOREIGN }), 'REDACTION_MISMATCH'],
    [
      'a placeholder',
      (a) => Object.assign(entry(a, 1).action as object, { args: { redacted: FOREIGN } }),
      'REDACTION_MISMATCH',
    ],
    [
      'a placeholder by a value',
      (a) => Object.assign(entry(a, 1).action as object, { args: { key: 1 } }),
      'REDACTION_MISMATCH',
    ],
    ['the list, by an entry less', (_, list) => list.pop(), 'REDACTION_MISMATCH'],
    ['the list, to none', (a) => delete a.redactions, 'OK'],
    [
      'two pointers, exchanged',
      (_, list) => {
        const [one, , three] = list as [JsonObject, JsonObject, JsonObject];
        [one.pointer, three.pointer] = [three.pointer as string, one.pointer as string];
      },
      'REDACTION_MISMATCH',
    ],
  ])('%s', async (what, edit, code) => {
    const { report, opened } = await forged(edit);
    // Without the list there is nothing redacted, as far as the bundle says; the disclosure tells that it was another.
    expect(report.ok).toBe(code === 'OK');
    if (code !== 'OK') expect(codesOf(report)).toContain(code);
    else expect(codesOf(opened)).toContain('DISCLOSURE_OTHER_RUN');
    expect([what, opened.ok]).toEqual([what, false]);
    expect(opened.proven).toEqual([]);
  });

  test('placeholder and entry alike: the disclosure is of another artifact', async () => {
    const { report, opened } = await forged((artifact, list) => {
      Object.assign(list[2] as object, { commitment: FOREIGN });
      Object.assign(entry(artifact, 1).action as object, { args: { redacted: FOREIGN } });
    });
    expect(report.ok).toBe(true);
    expect(codesOf(opened)).toEqual(['DISCLOSURE_OTHER_RUN']);
  });
});

describe('a disclosure that does not hold fails, each with its code', () => {
  test.each<[string, (file: DisclosureFile) => void, string]>([
    [
      'another value',
      ({ disclosures: [one] }) => Object.assign(one as object, { value: 'ALERT_CODE=ALERT-433\n' }),
      'DISCLOSURE_MISMATCH',
    ],
    [
      'another salt',
      ({ disclosures: [one] }) => Object.assign(one as object, { salt: '0'.repeat(64) }),
      'DISCLOSURE_MISMATCH',
    ],
    [
      'salts exchanged',
      ({ disclosures: [one, two] }) => {
        if (one && two) [one.salt, two.salt] = [two.salt, one.salt];
      },
      'DISCLOSURE_MISMATCH',
    ],
    [
      'a place that is not redacted',
      ({ disclosures: [one] }) => Object.assign(one as object, { pointer: '/seed' }),
      'DISCLOSURE_UNKNOWN_POINTER',
    ],
    ['another run', (file) => Object.assign(file, { run_id: 'f'.repeat(32) }), 'DISCLOSURE_OTHER_RUN'],
  ])('%s', async (_, edit, code) => {
    const { dir, disclosure } = await sealRedacted();
    edit(disclosure);
    const report = await reportOn(dir, disclosure);
    expect([report.ok, codesOf(report)[0]]).toEqual([false, code]);
  });

  test('of a bundle where nothing is redacted', async () => {
    const { disclosure } = await sealRedacted();
    const { dir } = await sealBundle({ artifactText: artifactText(), dir: temporaryFolder(), signingKey: owner.key });
    const report = await reportOn(dir, disclosure);
    expect([report.redacted, codesOf(report)]).toEqual([0, ['DISCLOSURE_OTHER_RUN']]);
  });
});

describe('sealing refuses, and leaves neither bundle nor salts', () => {
  const refusals: [string, () => string, string[], string][] = [
    ['a changed run', () => artifactText().replace('"seed": 7', '"seed": 8'), [CONTENT], 'ARTIFACT_HASH_MISMATCH'],
    ['a run that does not add up', () => artifactWith({ steps_used: 3 }), [CONTENT], 'ARTIFACT_INCONSISTENT'],
    ['what has to stay', artifactText, ['/action_trace/0/io_audit'], 'REDACTION_NOT_ALLOWED'],
    ['what is not there', artifactText, ['/action_trace/7/result'], 'REDACTION_NO_MATCH'],
    ['what stands elsewhere', artifactText, ['/action_trace/0/action/args/path'], 'REDACTION_LEAKS'],
  ];
  test.each(refusals)('%s', async (_, text, pointers, code) => {
    const [dir, outside] = [temporaryFolder(), temporaryFolder()];
    const redaction = { pointers, saltsFile: join(outside, 'salts.json') };
    await expect(sealBundle({ artifactText: text(), dir, redaction })).rejects.toMatchObject({ code });
    expect([readdirSync(dir), readdirSync(outside)]).toEqual([[], []]);
  });

  test('a file at the place of the salts, which stays', async () => {
    const [dir, outside] = [temporaryFolder(), temporaryFolder()];
    const saltsFile = join(outside, 'salts.json');
    writeFileSync(saltsFile, 'mine');
    const sealing = sealBundle({ artifactText: artifactText(), dir, redaction: { pointers: [CONTENT], saltsFile } });
    await expect(sealing).rejects.toMatchObject({ code: 'DISCLOSURE_EXISTS' });
    expect([readdirSync(dir), readFileSync(saltsFile, 'utf8')]).toEqual([[], 'mine']);
  });

  test('a bundle of the run that is there already', async () => {
    const [dir, outside] = [temporaryFolder(), temporaryFolder()];
    await sealBundle({ artifactText: artifactText(), dir });
    const redaction = { pointers: [CONTENT], saltsFile: join(outside, 'salts.json') };
    const sealing = sealBundle({ artifactText: artifactText(), dir, redaction });
    await expect(sealing).rejects.toMatchObject({ code: 'BUNDLE_EXISTS' });
    expect(readdirSync(outside)).toEqual([]);
  });

  test('salts among the bundles, also through a link', async () => {
    const [dir, outside] = [temporaryFolder(), temporaryFolder()];
    mkdirSync(join(dir, RUN_ID.replace('0', 'f')));
    symlinkSync(dir, join(outside, 'link'));
    for (const saltsFile of [
      join(dir, 'salts.json'),
      join(dir, RUN_ID.replace('0', 'f'), 's'),
      join(outside, 'link', 's'),
    ]) {
      const sealing = sealBundle({ artifactText: artifactText(), dir, redaction: { pointers: [CONTENT], saltsFile } });
      await expect(sealing, saltsFile).rejects.toMatchObject({ code: 'SALTS_MISPLACED' });
    }
  });
});

test('a disk that fails at any step leaves a bundle only with its salts, and no salts without it', async () => {
  let step = 1;
  for (; ; step += 1) {
    const [dir, outside] = [temporaryFolder(), temporaryFolder()];
    const saltsFile = join(outside, 'salts.json');
    let steps = 0;
    const files = interruptedFiles(nodeFiles, () => {
      steps += 1;
      if (steps === step) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    });
    const redaction = { pointers: [CONTENT], saltsFile };
    const sealed = await sealBundle({ artifactText: artifactText(), dir, redaction, files }).catch(
      (error: Error) => error,
    );
    if (!(sealed instanceof Error)) break;
    expect(sealed, `step ${step}`).toMatchObject({ code: expect.stringMatching(/^(?:BUNDLE|DISCLOSURE)_UNWRITABLE$/) });
    expect(existsSync(saltsFile), `step ${step}`).toBe(readdirSync(dir).length > 0);
  }
  expect(step).toBeGreaterThan(30);
});

/** The texts in a value, names of members included. */
function leaves(value: Json): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap((child) => leaves(child as Json));
}

function payloadOf(envelope: string): string {
  return Buffer.from((JSON.parse(envelope) as { payload: string }).payload, 'base64').toString('utf8');
}
