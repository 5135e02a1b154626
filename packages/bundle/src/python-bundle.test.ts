import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Artifact } from '@tracecore/spec';
import { describe, expect, test } from 'vitest';
import { sealBundle } from './seal-bundle.js';
import { readTexts, withIntegrity } from './testing/forger.js';
import { writePythonBundle } from './testing/python-bundle.js';
import { artifactText, codesOf, newKeyRing, resealed, temporaryFolder } from './testing/samples.js';
import { verifyBundle } from './verify-bundle.js';

const RUNS = [
  'dice-game--dice-game-agent',
  'filesystem-hidden-config--toy-agent',
  'log-stream-monitor--log-stream-monitor-agent',
  'rate-limited-api--rate-limit-agent',
  'rate-limited-chain--cheater-agent',
  'runbook-verifier--toy-agent',
].map((name) => `python/${name}.json`);

describe('a bundle of the Python runtime', () => {
  test.each(RUNS)('is read, and what it cannot prove is said: %s', async (name) => {
    const dir = writePythonBundle(temporaryFolder(), artifactText(name));
    const report = await verifyBundle(dir);
    expect(codesOf(report)).toEqual([]);
    expect(report).toMatchObject({ ok: true, form: 'python', signature: { status: 'none' } });
    expect(report.run_id).toBe(JSON.parse(artifactText(name)).run_id);
    const skipped = report.checks.filter(({ status }) => status === 'skip').map(({ check }) => check);
    expect(skipped).toEqual(['schema', 'hash', 'budgets', 'taxonomy', 'signature']);
  });

  const changes: [what: string, file: string, from: RegExp, to: string, code: string][] = [
    [
      'another count of entries',
      'manifest.json',
      /"trace_entry_count": \d+/,
      '"trace_entry_count": 99',
      'MANIFEST_MISMATCH',
    ],
    ['no run id', 'manifest.json', /"run_id": "[^"]+"/, '"run_id": "../../x"', 'MANIFEST_MISMATCH'],
    ['another outcome', 'validator.json', /"success": \w+/, '"success": "maybe"', 'VALIDATOR_MISMATCH'],
    ['another step', 'tool_calls.jsonl', /"step":1,/, '"step":7,', 'TOOL_CALLS_MISMATCH'],
    [
      'a touch outside',
      'manifest.json',
      /"filesystem_roots": \[[^\]]*\]/,
      '"filesystem_roots": []',
      'AUDIT_OUTSIDE_SANDBOX',
    ],
  ];
  test.each(changes)('with %s fails, with the digest and with a new one', async (_, file, from, to, code) => {
    const dir = writePythonBundle(temporaryFolder(), artifactText(RUNS[1]));
    const before = readFileSync(join(dir, file), 'utf8');
    const after = before.replace(from, to);
    expect(after).not.toBe(before);
    writeFileSync(join(dir, file), after);
    expect(codesOf(await verifyBundle(dir))).toEqual(expect.arrayContaining(['DIGEST_MISMATCH', code]));
    const names = ['manifest.json', 'tool_calls.jsonl', 'validator.json'];
    const texts = new Map(names.map((name) => [name, readFileSync(join(dir, name), 'utf8')]));
    const lines = (withIntegrity(texts).get('integrity.sha256') as string).split('\n').slice(0, 3);
    writeFileSync(join(dir, 'integrity.sha256'), `${lines.join('\n')}\n`);
    expect(codesOf(await verifyBundle(dir))[0]).toBe(code);
  });

  test.each(RUNS)('is the record of the run that it was sealed from, and of no other: %s', async (name) => {
    const text = artifactText(name);
    const dir = writePythonBundle(temporaryFolder(), text);
    const run = JSON.parse(text) as Artifact;
    expect(codesOf(await verifyBundle(dir, { run }))).toEqual([]);
    const other = { ...run, steps_used: run.steps_used + 1 };
    expect(codesOf(await verifyBundle(dir, { run: other }))).toEqual(['MANIFEST_MISMATCH']);
  });

  test('with an emptied list of digests fails', async () => {
    const dir = writePythonBundle(temporaryFolder(), artifactText(RUNS[0]));
    writeFileSync(join(dir, 'integrity.sha256'), '');
    const codes = codesOf(await verifyBundle(dir));
    expect(codes).toEqual(['INTEGRITY_LINE_MISSING', 'INTEGRITY_LINE_MISSING', 'INTEGRITY_LINE_MISSING']);
  });

  test('that was signed the way it signs does not hold, whoever is trusted', async () => {
    const { key, trust } = newKeyRing();
    const dir = writePythonBundle(temporaryFolder(), artifactText(RUNS[0]), { key, honest: false });
    const report = await verifyBundle(dir, { trust });
    expect(report).toMatchObject({ ok: false, form: 'python', signature: { status: 'invalid', kind: 'legacy' } });
    expect(codesOf(report)).toEqual(['LEGACY_SIGNATURE_INVALID']);
  });

  test('with a signature that holds counts under a trusted key alone', async () => {
    const { key, trust } = newKeyRing();
    const dir = writePythonBundle(temporaryFolder(), artifactText(RUNS[0]), { key, honest: true });
    expect(await verifyBundle(dir, { trust })).toMatchObject({
      ok: true,
      signature: { status: 'trusted', kind: 'legacy' },
    });
    const stranger = await verifyBundle(dir, { trust: newKeyRing().trust });
    expect(stranger).toMatchObject({ ok: false, signature: { status: 'untrusted' } });
    expect(codesOf(stranger)).toEqual(['SIGNATURE_UNTRUSTED']);
  });

  test.each([
    ['another file', { signed_file: 'manifest.json' }],
    ['another algorithm', { algorithm: 'rsa' }],
    ['no hex', { signature_hex: 'xyz' }],
    ['no key', { public_key_pem: 'PEM' }],
  ])('with a signature of %s does not hold', async (_, change) => {
    const { key, trust } = newKeyRing();
    const dir = writePythonBundle(temporaryFolder(), artifactText(RUNS[0]), { key, honest: true });
    const signature = JSON.parse(readFileSync(join(dir, 'signature.json'), 'utf8'));
    writeFileSync(join(dir, 'signature.json'), JSON.stringify({ ...signature, ...change }));
    expect(codesOf(await verifyBundle(dir, { trust }))).toEqual(['LEGACY_SIGNATURE_INVALID']);
  });
});

/** The rules by which the Python runtime takes a bundle, told again: digests, declared sandbox, audited paths and hosts. */
const PYTHON_RULES = `
import hashlib, json, pathlib, sys
folder = pathlib.Path(sys.argv[1])
for line in (folder / "integrity.sha256").read_text(encoding="utf-8").splitlines():
    digest, name = line.split("  ", 1)
    assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest, name
sandbox = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["sandbox"]
roots, hosts = sandbox["filesystem_roots"], sandbox["network_hosts"]
assert isinstance(roots, list) and isinstance(hosts, list)
for line in (folder / "tool_calls.jsonl").read_text(encoding="utf-8").splitlines():
    for touch in json.loads(line)["io_audit"]:
        if touch["type"] == "fs":
            path = touch["path"]
            assert any(root == "/" or path == root or path.startswith(root + "/") for root in roots), path
        else:
            assert touch["type"] == "net" and touch["host"] in hosts, touch
print("accepted")
`;

test.for(['valid/success-two-steps.json', 'valid/tool-calls-exhausted.json', ...RUNS])(
  'a bundle of ours passes the rules of the Python runtime: %s',
  async (name, ctx) => {
    if (spawnSync('python3', ['--version']).status !== 0) ctx.skip('no python3 on this machine');
    const text = name.startsWith('python/') ? artifactText(name) : withOddText(artifactText(name));
    const { dir } = await sealBundle({ artifactText: text, dir: temporaryFolder(), signingKey: newKeyRing().key });
    expect(readTexts(dir).get('tool_calls.jsonl')).not.toContain('\u2028');
    const { stdout, stderr } = spawnSync('python3', ['-c', PYTHON_RULES, dir], { encoding: 'utf8' });
    expect(stdout + stderr).toBe('accepted\n');
  },
);

/** Letters at which Python ends a line and JSON does not. */
function withOddText(text: string): string {
  const artifact = JSON.parse(text);
  artifact.action_trace.at(-1).result.note = 'one\u2028two\u2029three\u0085four';
  return resealed(artifact);
}
