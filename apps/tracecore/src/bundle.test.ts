import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { filesIn, onlyRun, tracecore, withFolder } from './testing/tracecore.js';

/** Runs commands in a folder; each must end with `code`. */
function shell(cwd: string) {
  return (words: string, code = 0): string => {
    const done = tracecore(words.split(' '), { cwd });
    expect([words, done.code, done.stderr]).toEqual([words, code, '']);
    return done.stdout;
  };
}

test('a run is sealed, signed, mailed and checked by somebody who has nothing but the bundle and the key', () =>
  withFolder(async (cwd) => {
    const $ = shell(cwd);
    const ran = $('run pairing log_stream_monitor --seed 7');
    const next = /^ {2}tracecore (bundle seal --run \S+)$/m.exec(ran)?.[1] as string;
    $('keys generate --out lab.key');
    const sealed = $(next);
    const verify = /^ {2}tracecore (bundle verify (\S+))$/m.exec(sealed);
    const [, verifyIt, id] = verify as unknown as [string, string, string];
    expect($(verifyIt)).toContain('signature: SKIP SIGNATURE_NONE');

    $(`bundle sign ${id} --key lab.key`);
    expect($('bundle verify', 1)).toContain('signature: FAIL SIGNATURE_UNTRUSTED');
    expect($('bundle status')).toMatch(new RegExp(`^${id} +complete +untrusted$`, 'm'));
    await mkdir(join(cwd, 'trust'));
    await cp(join(cwd, 'lab.key.pub'), join(cwd, 'trust', 'lab.pub'));
    expect($('bundle verify --require-signature')).toMatch(/^signed by: [0-9a-f]{64} trusted \(trust\/lab\.pub\)$/m);

    const bundle = join(cwd, '.agent_bench', 'baselines', id);
    expect(await readFile(join(bundle, 'artifact.json'))).toEqual(await readFile(await onlyRun(cwd)));
    await withFolder(async (elsewhere) => {
      const there = shell(elsewhere);
      await cp(bundle, join(elsewhere, 'received'), { recursive: true });
      await cp(join(cwd, 'lab.key.pub'), join(elsewhere, 'lab.pub'));
      const before = await filesIn(elsewhere);
      const report = JSON.parse(there('bundle verify received --key lab.pub --require-signature --json')) as object;
      expect(report).toMatchObject({ dir: 'received', ok: true, run_id: id, signature: { status: 'trusted' } });
      expect(there('verify received/artifact.json')).toContain('re-derivation: OK\n');
      expect(await filesIn(elsewhere)).toEqual(before);

      const file = join(elsewhere, 'received', 'tool_calls.jsonl');
      const bytes = await readFile(file);
      bytes[bytes.length - 10] = (bytes.at(-10) as number) ^ 1;
      await writeFile(file, bytes);
      expect(there('bundle verify received --key lab.pub', 1)).toMatch(
        /^digests: FAIL DIGEST_MISMATCH tool_calls\.jsonl should have the digest/m,
      );
    });
  }));

test('a value is hidden from a stranger, who still checks the rest, and is proven when its owner wants to', () =>
  withFolder(async (cwd) => {
    const $ = shell(cwd);
    $('run pairing log_stream_monitor --seed 7');
    $('keys generate --out lab.key');
    const id = /^run +(\S+)$/m.exec(
      $('bundle seal --sign --key lab.key --redact /action_trace/*/result --salts run.salts --redact-everywhere'),
    )?.[1] as string;
    const run = JSON.parse(await readFile(await onlyRun(cwd), 'utf8')) as { action_trace: { result: object }[] };
    $(`bundle disclose --salts run.salts --path /action_trace/0/result --out step-1.json`);
    await withFolder(async (elsewhere) => {
      const there = shell(elsewhere);
      await cp(join(cwd, '.agent_bench', 'baselines', id), join(elsewhere, 'received'), { recursive: true });
      for (const name of ['lab.key.pub', 'step-1.json']) await cp(join(cwd, name), join(elsewhere, name));
      const verify = 'bundle verify received --key lab.key.pub --require-signature --disclosure step-1.json --json';
      const { ok, redacted, proven } = JSON.parse(there(verify)) as { ok: boolean; redacted: number; proven: object[] };
      expect([ok, redacted]).toEqual([true, expect.any(Number)]);
      expect(redacted).toBeGreaterThanOrEqual(run.action_trace.length);
      expect(proven).toMatchObject([{ pointer: '/action_trace/0/result', value: run.action_trace[0]?.result }]);
    });
  }));
