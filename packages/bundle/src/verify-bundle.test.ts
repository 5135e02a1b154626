import { execFileSync } from 'node:child_process';
import { renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { JsonObject } from '@tracecore/spec';
import { beforeEach, describe, expect, test } from 'vitest';
import { BundleError } from './error.js';
import { readBundle } from './read-bundle.js';
import { sealBundle } from './seal-bundle.js';
import { readTexts, signedBy, withIntegrity, writeTexts } from './testing/forger.js';
import { artifactText, codesOf, type KeyRing, newKeyRing, temporaryFolder } from './testing/samples.js';
import { openBundle, verifyBundle, verifyBytes } from './verify-bundle.js';

const FILES = ['manifest.json', 'tool_calls.jsonl', 'validator.json', 'artifact.json', 'integrity.sha256'];

let parent: string;
let dir: string;
let owner: KeyRing;
beforeEach(async () => {
  parent = temporaryFolder();
  owner = newKeyRing();
  ({ dir } = await sealBundle({ artifactText: artifactText(), dir: parent, signingKey: owner.key }));
});

const check = () => verifyBundle(dir, { trust: owner.trust });

test('a bundle is opened with the artifact that was checked, or without one where that is no JSON', async () => {
  const { report, artifact } = await openBundle(dir, { trust: owner.trust });
  expect(report).toEqual(await check());
  expect(artifact).toEqual({ text: artifactText(), value: JSON.parse(artifactText()) });
  writeFileSync(join(dir, 'artifact.json'), '{"seed": 1, "seed": 1}');
  expect((await openBundle(dir)).artifact).toBeNull();
});

describe('the folder', () => {
  test('that is not there is an error, and no report', async () => {
    await expect(verifyBundle(join(parent, 'none'))).rejects.toThrow(BundleError);
    await expect(verifyBundle(join(parent, 'none'))).rejects.toMatchObject({ code: 'BUNDLE_NOT_FOUND' });
  });

  test('may not be a link or a file, with a final separator or without', async () => {
    symlinkSync(dir, join(parent, 'link'));
    for (const path of ['link', 'link/', 'link/.']) {
      await expect(verifyBundle(join(parent, path)), path).rejects.toMatchObject({ code: 'BUNDLE_UNREADABLE' });
    }
    await expect(verifyBundle(join(dir, 'manifest.json'))).rejects.toMatchObject({ code: 'BUNDLE_UNREADABLE' });
  });

  test('may be named by a path that climbs: the caller chose it', async () => {
    expect((await verifyBundle(relative(process.cwd(), dir), { trust: owner.trust })).ok).toBe(true);
  });

  test('may hold other files; they are named and not opened', async () => {
    symlinkSync('/dev/zero', join(dir, 'notes'));
    writeFileSync(join(dir, 'README.md'), 'mine');
    expect(await check()).toMatchObject({ ok: true, extra: ['README.md', 'notes'] });
  });
});

describe('a file of the bundle', () => {
  test.each([...FILES, 'attestation.dsse.json'])('%s may not be a link, even to the same bytes', async (name) => {
    renameSync(join(dir, name), join(parent, 'moved'));
    symlinkSync(join(parent, 'moved'), join(dir, name));
    const report = await check();
    expect(report.ok).toBe(false);
    expect(report.checks[0]).toMatchObject({ check: 'files', code: 'FILE_NOT_REGULAR', file: name });
  });

  test('may not be a folder', async () => {
    rmSync(join(dir, 'validator.json'));
    await mkdir(join(dir, 'validator.json'));
    expect((await check()).checks[0]).toMatchObject({
      code: 'FILE_NOT_REGULAR',
      message: expect.stringContaining('a folder'),
    });
  });

  test('may not be a pipe, which is not waited for', async (ctx) => {
    if (process.platform === 'win32') ctx.skip('no pipes in folders here');
    rmSync(join(dir, 'artifact.json'));
    execFileSync('mkfifo', [join(dir, 'artifact.json')]);
    const report = await check();
    expect(report.checks[0]).toMatchObject({ code: 'FILE_NOT_REGULAR', file: 'artifact.json' });
  });

  test('has a size limit, which is looked at before reading', async () => {
    truncateSync(join(dir, 'artifact.json'), 300 * 1024 * 1024);
    writeFileSync(join(dir, 'attestation.dsse.json'), ' '.repeat(2 ** 20 + 1));
    const { ok, checks } = await check();
    expect(ok).toBe(false);
    expect(checks[0]?.findings.map(({ code, file }) => `${code} ${file}`)).toEqual([
      'FILE_TOO_LARGE artifact.json',
      'FILE_TOO_LARGE attestation.dsse.json',
    ]);
  });

  test('that is not UTF-8 is named', async () => {
    await writeFile(join(dir, 'manifest.json'), Buffer.from([0x7b, 0xff, 0x7d]));
    expect(codesOf(await check())).toEqual(['DIGEST_MISMATCH', 'NOT_UTF8']);
  });

  test.each(['manifest.json', 'validator.json', 'artifact.json', 'tool_calls.jsonl', 'attestation.dsse.json'])(
    '%s with a key twice is refused, though its digest and its signature are right',
    async (name) => {
      const texts = readTexts(dir);
      const doubled = (texts.get(name) as string).replace(/"([a-z_]+|payload)":/i, '"$1": 1, "$1":');
      const changed = withIntegrity(new Map([...texts, [name, doubled]]));
      writeTexts(dir, name === 'artifact.json' || name.startsWith('att') ? changed : signedBy(owner.key, changed));
      const report = await check();
      expect(report.ok).toBe(false);
      expect(report.checks.find(({ check }) => check === 'json')).toMatchObject({
        code: 'JSON_DUPLICATE_KEY',
        file: name,
      });
    },
  );

  test('that was cut names the line', async () => {
    const rows = await readFile(join(dir, 'tool_calls.jsonl'), 'utf8');
    await writeFile(join(dir, 'tool_calls.jsonl'), rows.slice(0, -20));
    expect(await finding('json')).toMatchObject({ code: 'LINE_INVALID', pointer: 'line 2' });
    await writeFile(join(dir, 'tool_calls.jsonl'), `${rows}\n`);
    expect(await finding('json')).toMatchObject({ code: 'JSON_INVALID', pointer: 'line 3' });
  });

  async function finding(name: string) {
    return (await check()).checks.find(({ check }) => check === name);
  }
});

describe('checks that could not be made', () => {
  test('say so and do not pass', async () => {
    await writeFile(join(dir, 'artifact.json'), '{');
    await writeFile(join(dir, 'integrity.sha256'), Buffer.from([0xff]));
    const { ok, checks, run_id } = await check();
    expect(ok).toBe(false);
    expect(run_id).toBe('0190f3a27c4e4b7d8a519e2c6d3f4b10');
    const skipped = checks.filter(({ status }) => status === 'skip').map(({ check }) => check);
    const expected = [
      'integrity',
      'digests',
      'schema',
      'hash',
      'budgets',
      'taxonomy',
      'manifest',
      'tool_calls',
      'validator',
    ];
    expect(skipped).toEqual(expected);
  });
});

test('an artifact of another spec version is named, whoever signed it', async () => {
  const texts = readTexts(dir);
  const artifact = JSON.parse(texts.get('artifact.json') as string) as JsonObject;
  const text = JSON.stringify({ ...artifact, spec_version: 'tracecore-spec-v1.9' });
  writeTexts(dir, signedBy(owner.key, withIntegrity(new Map([...texts, ['artifact.json', text]]))));
  const report = await check();
  expect(report.checks.find(({ check }) => check === 'schema')).toMatchObject({
    status: 'fail',
    code: 'SPEC_VERSION_UNSUPPORTED',
    pointer: '/spec_version',
    message: expect.stringContaining('tracecore-spec-v1.9'),
  });
});

describe('a bundle whose artifact was taken away does not pass for one that never had any', () => {
  const traces: [what: string, remove: () => void][] = [
    ['the list names it', () => rmSync(join(dir, 'attestation.dsse.json'))],
    ['it is signed as ours are', () => writeTexts(dir, new Map([['integrity.sha256', listWithout('artifact.json')]]))],
  ];
  test.each(traces)('as long as %s', async (_, removeOthers) => {
    rmSync(join(dir, 'artifact.json'));
    removeOthers();
    const report = await check();
    expect(report).toMatchObject({ ok: false, form: 'tracecore' });
    expect(report.checks[0]).toMatchObject({ code: 'FILE_MISSING', file: 'artifact.json' });
  });

  function listWithout(name: string): string {
    const lines = (readTexts(dir, ['integrity.sha256']).get('integrity.sha256') as string).split('\n');
    return lines.filter((line) => !line.endsWith(name)).join('\n');
  }
});

test('who asks for a signature is not content without one', async () => {
  rmSync(join(dir, 'attestation.dsse.json'));
  expect(await verifyBundle(dir, { trust: owner.trust })).toMatchObject({ ok: true, signature: { status: 'none' } });
  const report = await verifyBundle(dir, { trust: owner.trust, requireSignature: true });
  expect(report.ok).toBe(false);
  expect(codesOf(report)).toEqual(['SIGNATURE_NONE']);
});

test('without any trusted key a signed bundle is untrusted', async () => {
  const report = await verifyBundle(dir);
  expect(report).toMatchObject({ ok: false, signature: { status: 'untrusted' } });
  expect(codesOf(report)).toEqual(['SIGNATURE_UNTRUSTED']);
});

describe('the sandbox of a bundle', () => {
  const audits: [what: string, audit: JsonObject, code: string | null][] = [
    ['a path under a root', { type: 'fs', op: 'read_file', path: '/app/x' }, null],
    ['the root itself', { type: 'fs', op: 'list_dir', path: '/app' }, null],
    ['a path beside a root', { type: 'fs', op: 'read_file', path: '/application' }, 'AUDIT_OUTSIDE_SANDBOX'],
    ['a path that climbs out', { type: 'fs', op: 'read_file', path: '/app/../etc/passwd' }, 'AUDIT_OUTSIDE_SANDBOX'],
    ['a host of the list', { type: 'net', op: 'require_network', host: 'api.example.com' }, null],
    ['a host below a listed domain', { type: 'net', op: 'require_network', host: 'a.b.example.org' }, null],
    ['the domain itself', { type: 'net', op: 'require_network', host: 'example.org' }, 'AUDIT_OUTSIDE_SANDBOX'],
    ['another host', { type: 'net', op: 'require_network', host: 'example.com' }, 'AUDIT_OUTSIDE_SANDBOX'],
    ['a file touch without a path', { type: 'fs', op: 'read_file' }, 'AUDIT_INVALID'],
    ['a net touch without a host', { type: 'net', op: 'require_network', host: null }, 'AUDIT_INVALID'],
    ['a touch of an unknown type', { type: 'gpu' }, 'AUDIT_INVALID'],
  ];
  test.each(audits)('%s', async (_, audit, code) => {
    const texts = readTexts(dir);
    const manifest = JSON.parse(texts.get('manifest.json') as string) as JsonObject;
    const sandbox = { filesystem_roots: ['/app'], network_hosts: ['api.example.com', '*.example.org'] };
    texts.set('manifest.json', JSON.stringify({ ...manifest, sandbox }));
    texts.set('tool_calls.jsonl', `${JSON.stringify({ step: 1, io_audit: [audit] })}\n`);
    writeTexts(dir, texts);
    const line = (await check()).checks.find(({ check }) => check === 'sandbox');
    expect(line?.code).toBe(code ?? 'OK');
  });

  test.each([
    {},
    { sandbox: null },
    { sandbox: { filesystem_roots: '/app', network_hosts: [] } },
    { sandbox: { filesystem_roots: ['/app'] } },
  ])('is to be declared: %j', async (manifest) => {
    writeFileSync(join(dir, 'manifest.json'), JSON.stringify(manifest));
    expect((await check()).checks.find(({ check }) => check === 'sandbox')?.code).toBe('SANDBOX_UNDECLARED');
  });
});

test('every byte is read once: what happens to the disk afterwards changes no verdict', async () => {
  const bytes = await readBundle(dir);
  rmSync(dir, { recursive: true });
  expect(verifyBytes(bytes, { trust: owner.trust })).toMatchObject({ ok: true, signature: { status: 'trusted' } });
});
