import fc from 'fast-check';
import picocolors from 'picocolors';
import { describe, expect, test } from 'vitest';
import { anArtifact } from '../testing/artifact.js';
import { colorsFor } from './color.js';
import { renderInspect } from './inspect.js';
import { clip, printable } from './printable.js';
import { type RunView, renderRun } from './run.js';
import { renderTable } from './table.js';
import { renderReport } from './verify.js';

const plain = picocolors.createColors(false);
const view = (fields: Partial<RunView> = {}): RunView => ({
  artifact: anArtifact(),
  file: '.agent_bench/runs/x.json',
  strict: null,
  nextOptions: { root: '', task: '' },
  ...fields,
});
const block = (title: string) =>
  `\n${title}\n  agent: agents/demo.ts\n  task: demo@1\n  spec: tracecore-spec-v1.0\n  artifact_hash: sha256:${'a'.repeat(64)}\n`;

describe('renderRun', () => {
  test('shows a success in full', () => {
    expect(renderRun(view(), plain)).toBe(`agent       agents/demo.ts
task        demo@1
seed        7
outcome     success
steps       1 of 20
tool calls  1 of 10
wall clock  0.042 s
run file    .agent_bench/runs/x.json
${block('TraceCore Verified')}
Next:
  tracecore verify --run 0123456789abcdef0123456789abcdef
  tracecore inspect --run 0123456789abcdef0123456789abcdef
  tracecore bundle seal --run 0123456789abcdef0123456789abcdef
`);
  });

  test('a failure has the same block under another title, and says why', () => {
    const artifact = anArtifact({
      success: false,
      termination_reason: 'steps_exhausted',
      failure_type: 'budget_exhausted',
      failure_reason: 'no step left',
    });
    const text = renderRun(view({ artifact }), plain);
    expect(text).toContain('outcome     steps_exhausted (budget_exhausted): no step left\n');
    expect(text).toContain(block('TraceCore Recorded'));
    expect(text).not.toContain('Verified');
  });

  test('a success that breaks strict spec is not verified, and each rule is a line', () => {
    const strict = [{ code: 'HASH_MISMATCH', pointer: '/artifact_hash', message: '/artifact_hash should be other' }];
    const text = renderRun(view({ strict }), plain);
    expect(text).toContain('\nstrict-spec: FAIL HASH_MISMATCH /artifact_hash should be other\n');
    expect(text).toContain(block('TraceCore Recorded'));
    expect(renderRun(view({ strict: [] }), plain)).toContain(`\nstrict-spec: OK\n${block('TraceCore Verified')}`);
  });

  test('the next commands carry the options that they need', () => {
    const text = renderRun(view({ nextOptions: { root: ' --root out', task: ' --task ./demo' } }), plain);
    expect(text).toContain('tracecore verify --run 0123456789abcdef0123456789abcdef --task ./demo --root out\n');
    expect(text).toContain('tracecore inspect --run 0123456789abcdef0123456789abcdef --root out\n');
  });
});

test('renderReport gives each check its line, with code and pointer where it failed', () => {
  const report = {
    ok: false,
    run_id: null,
    checks: [
      { check: 'schema', status: 'ok', code: 'OK', message: 'fine', note: 'python form' },
      { check: 'hash', status: 'fail', code: 'HASH_MISMATCH', message: 'was edited', pointer: '/artifact_hash' },
      { check: 're-derivation', status: 'skip', code: 'SKIPPED', message: 'no task' },
      { check: 'bundle', status: 'fail', code: 'DIGEST_MISMATCH', message: 'has another digest', file: 'a.json' },
    ],
  } as const;
  expect(renderReport('a.json', { ...report, checks: [...report.checks] }, plain)).toBe(
    'a.json\nschema: OK (python form)\nhash: FAIL HASH_MISMATCH /artifact_hash was edited\nre-derivation: SKIP SKIPPED no task\nbundle: FAIL DIGEST_MISMATCH a.json: has another digest\n',
  );
});

describe('renderInspect', () => {
  test('shows each step in one line', () => {
    expect(renderInspect(anArtifact(), plain)).toContain(
      '\n   1  read_file {"path":"/app/a.txt"} -> ok {"content":"hello"}  [fs read /app/a.txt]\n',
    );
  });

  test('says where a record comes from and what was done to it', () => {
    const commitment = `sha256:${'a'.repeat(64)}`;
    const fields = {
      forked_from: { artifact_hash: commitment, at: 3 },
      migration: { from: 'v0.1' },
      redactions: [{ pointer: '/failure_reason', commitment }],
    };
    const text = renderInspect(anArtifact(fields as never), plain);
    expect(text).toContain(`forked      at step 3 of ${commitment}\nmigrated    from v0.1\nredacted    1 place\n`);
    expect(renderInspect(anArtifact(), plain)).not.toMatch(/forked|migrated|redacted/);
  });

  test('an empty trace is said', () => {
    expect(renderInspect(anArtifact({ action_trace: [] }), plain)).toContain('\nno step was recorded\n');
  });

  test('nothing in a file can reach the terminal as a control sequence', () => {
    const hostile = '\u001b]0;x\u0007\u009b31m\u202e';
    const artifact = anArtifact({
      agent_ref: hostile,
      failure_reason: hostile,
      success: false,
      termination_reason: hostile,
    });
    const entry = artifact.action_trace[0] as (typeof artifact.action_trace)[0];
    artifact.action_trace = [{ ...entry, action: { type: hostile, args: { hostile } }, result: { ok: true, hostile } }];
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there.
    const control = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/;
    expect(renderInspect(artifact, plain)).not.toMatch(control);
    expect(renderRun(view({ artifact }), plain)).not.toMatch(control);
  });
});

test('printable leaves ordinary text alone and never gives a control character', () => {
  expect(printable('é 日本 {"a":1}')).toBe('é 日本 {"a":1}');
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => !/[\p{Cc}\p{Cs}]/u.test(printable(text))));
  expect(clip('abcdef', 4)).toBe('abc…');
});

test('renderTable aligns columns and leaves no trailing space', () => {
  expect(renderTable(['a', 'long'], [['xyz', '1']])).toBe('a    long\nxyz  1\n');
});

test.each([
  [{ isTTY: true, env: {} }, true],
  [{ isTTY: false, env: {} }, false],
  [{ isTTY: true, env: { NO_COLOR: '1' } }, false],
  [{ isTTY: true, env: { NO_COLOR: '' } }, true],
  [{ isTTY: true, env: { TERM: 'dumb' } }, false],
])('colour for %j: %s', (io, colored) => {
  const all = { stdout: () => undefined, stderr: () => undefined, cwd: '/', onInterrupt: () => () => undefined, ...io };
  expect(colorsFor(all).isColorSupported).toBe(colored);
});
