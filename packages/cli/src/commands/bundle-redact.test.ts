import { cp, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Loaders } from '../deps.js';
import { type Recorded, runCli, withFolder } from '../testing/fake-deps.js';

const SAMPLE = new URL('../../../../spec/vectors/artifacts/valid/success-two-steps.json', import.meta.url);
const ID = '0190f3a27c4e4b7d8a519e2c6d3f4b10';
const CONTENT = '/action_trace/0/result/content';
const ARGS = '/action_trace/1/action/args';
const SEAL = `bundle seal --redact ${CONTENT} --redact ${ARGS} --salts run.salts`;

const load = {
  store: () => import('@tracecore/store'),
  bundle: () => import('@tracecore/bundle'),
  artifact: () => import('@tracecore/artifact/node'),
} as unknown as Loaders;

type Run = (argv: string) => Promise<Recorded>;

function withRun(body: (run: Run, dir: string) => Promise<void>): Promise<void> {
  return withFolder(async (dir) => {
    await mkdir(join(dir, '.agent_bench', 'runs'), { recursive: true });
    await cp(SAMPLE, join(dir, '.agent_bench', 'runs', `${ID}.json`));
    await body((argv) => runCli(argv.split(' '), { io: { cwd: dir }, deps: { load } }), dir);
  });
}

async function mustRun(run: Run, argv: string): Promise<string> {
  const { code, stdout, stderr } = await run(argv);
  expect([argv, code, stderr]).toEqual([argv, 0, '']);
  return stdout;
}

test('seal --redact, verify, disclose, verify --disclosure: a value stays hidden until it is proven', () =>
  withRun(async (run, dir) => {
    expect(await mustRun(run, SEAL)).toContain('redacted   2 values; run.salts opens them\n');
    const report = await mustRun(run, `bundle verify ${ID}`);
    expect(report).toContain('redactions: OK\n');
    expect(report).toContain('redacted: 2 values, 0 of them proven here\n');
    expect(await mustRun(run, `bundle disclose --salts run.salts --path ${CONTENT} --out step-1.json`)).toBe(
      `step-1.json opens 1 value of the run ${ID}\n`,
    );
    expect(await readFile(join(dir, 'step-1.json'), 'utf8')).not.toContain(ARGS);
    const proven = await mustRun(run, `bundle verify ${ID} --disclosure step-1.json`);
    expect(proven).toContain('disclosure: OK\n');
    expect(proven).toContain('redacted: 2 values, 1 of them proven here\n');
    expect(proven).toContain(`proven: ${CONTENT} "ALERT_CODE=ALERT-432\\n"\n`);
    const json = JSON.parse(await mustRun(run, `bundle verify ${ID} --disclosure run.salts --json`)) as object;
    expect(json).toMatchObject({ ok: true, redacted: 2, proven: [{ pointer: CONTENT }, { pointer: ARGS }] });
    expect(await readFile(join(dir, '.agent_bench', 'runs', `${ID}.json`))).toEqual(await readFile(SAMPLE));
  }));

test('a disclosure without --out is printed, and what lies below a pointer is part of it', () =>
  withRun(async (run) => {
    await mustRun(run, SEAL);
    const printed = JSON.parse(await mustRun(run, 'bundle disclose --salts run.salts --path /action_trace')) as object;
    expect(printed).toMatchObject({ version: 1, run_id: ID, disclosures: [{ pointer: CONTENT }, { pointer: ARGS }] });
  }));

test('a value that was changed in the disclosure fails the check: exit 1', () =>
  withRun(async (run, dir) => {
    await mustRun(run, SEAL);
    await mustRun(run, `bundle disclose --salts run.salts --path ${CONTENT} --out step-1.json`);
    const text = await readFile(join(dir, 'step-1.json'), 'utf8');
    await writeFile(join(dir, 'step-1.json'), text.replace('ALERT-432', 'ALERT-433'));
    const { code, stdout } = await run(`bundle verify ${ID} --disclosure step-1.json`);
    expect([code, stdout]).toEqual([1, expect.stringContaining('disclosure: FAIL DISCLOSURE_MISMATCH ')]);
    expect(stdout).toContain('redacted: 2 values, 0 of them proven here\n');
  }));

test('--redact-everywhere takes every place of a text along', () =>
  withRun(async (run, dir) => {
    const redact = 'bundle seal --redact /action_trace/1/action/args/value --salts run.salts';
    const { code, stderr } = await run(redact);
    expect([code, stderr]).toEqual([2, expect.stringContaining('it also stands at /action_trace/0/result/content, ')]);
    expect(await mustRun(run, `${redact} --redact-everywhere`)).toContain('redacted   2 values');
    expect(await readFile(join(dir, '.agent_bench', 'baselines', ID, 'artifact.json'), 'utf8')).not.toContain(
      'ALERT-432',
    );
  }));

describe('wrong use is one sentence, and nothing is written', () => {
  test.each<[string, string, RegExp]>([
    ['no salts', `bundle seal --redact ${CONTENT}`, /--redact needs --salts FILE, a new file for what can prove/],
    [
      'salts alone',
      'bundle seal --salts run.salts',
      /--salts is for what --redact replaces; give --redact POINTER too/,
    ],
    ['everywhere alone', 'bundle seal --redact-everywhere', /--redact-everywhere is for what --redact replaces/],
    ['no pointer', 'bundle seal --redact result --salts run.salts', /expected a JSON pointer .*, got "result"/],
    ['a place that stays', 'bundle seal --redact /seed --salts run.salts', /\/seed has to stay: /],
    [
      'salts of another form',
      'bundle disclose --salts notes.json --path /a',
      /not a disclosure: \/version should be 1/,
    ],
    ['no file of salts', 'bundle disclose --salts gone --path /a', /no file at .*gone/],
    ['disclose: no salts', 'bundle disclose --path /a', /bundle disclose needs --salts FILE, which bundle seal wrote/],
    ['disclose: no path', 'bundle disclose --salts notes.json', /bundle disclose needs --path POINTER/],
  ])('%s', (_, argv, message) =>
    withRun(async (run, dir) => {
      await writeFile(join(dir, 'notes.json'), '{}');
      const { code, stdout, stderr } = await run(argv);
      expect([code, stdout, stderr]).toEqual([2, '', expect.stringMatching(/^tracecore: [^\n]+\n$/)]);
      expect(stderr).toMatch(message);
      for (const made of ['run.salts', join('.agent_bench', 'baselines')]) {
        await expect(stat(join(dir, made))).rejects.toMatchObject({ code: 'ENOENT' });
      }
    }),
  );

  test('a disclosure is not written over a file, and opens nothing that is not redacted', () =>
    withRun(async (run, dir) => {
      await mustRun(run, SEAL);
      await writeFile(join(dir, 'taken'), '');
      const taken = await run(`bundle disclose --salts run.salts --path ${ARGS} --out taken`);
      expect([taken.code, taken.stderr]).toEqual([2, expect.stringMatching(/expected no file at .*taken, found one/)]);
      const other = await run('bundle disclose --salts run.salts --path /seed');
      expect([other.code, other.stderr]).toEqual([
        2,
        'tracecore: expected a pointer that the salts open, got "/seed"\n',
      ]);
    }));
});
