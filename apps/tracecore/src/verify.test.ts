import { readFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hashArtifact } from '@tracecore/artifact';
import { sha256 } from '@tracecore/artifact/node';
import type { Artifact } from '@tracecore/spec';
import Ajv from 'ajv/dist/2020.js';
import { beforeAll, describe, expect, test } from 'vitest';
import { filesIn, onlyRun, tracecore, withFolder } from './testing/tracecore.js';

type Edit = (artifact: Artifact) => void;

const entryOf = (artifact: Artifact, index: number) => artifact.action_trace[index] as Artifact['action_trace'][number];

/** The store of a folder in which one pairing was run. */
let played: string;
beforeAll(async () => {
  const cwd = await mkdtemp(join(tmpdir(), 'tracecore-verify-'));
  expect(tracecore(['run', 'pairing', 'log_stream_monitor', '--seed', '7'], { cwd }).code).toBe(0);
  played = join(cwd, '.agent_bench');
  return () => rm(cwd, { recursive: true });
});

/** Puts a copy of that run into a new folder and hands its artifact over. */
function withRun(body: (cwd: string, file: string, artifact: Artifact) => Promise<void>): Promise<void> {
  return withFolder(async (cwd) => {
    await cp(played, join(cwd, '.agent_bench'), { recursive: true });
    const file = await onlyRun(cwd);
    await body(cwd, file, JSON.parse(await readFile(file, 'utf8')) as Artifact);
  });
}

const PROVEN = 'schema: OK\nhash: OK\nbudgets: OK\ntaxonomy: OK\nre-derivation: OK\n';
const OK_LINES = `${PROVEN}bundle: SKIP NO_BUNDLE this run has no bundle here; tracecore bundle seal makes one
signature: SKIP NO_BUNDLE there is no bundle to sign
ledger: SKIP NO_BUNDLE there is no bundle to look for
`;
const SPEC = new URL('../../../spec/', import.meta.url);
const isReport = new Ajv.default({ strict: true, allErrors: true }).compile(
  JSON.parse(readFileSync(new URL('extensions/verify-report-schema-v1.json', SPEC), 'utf8')),
);

/** The report that `verify --json` prints, which its schema must allow. */
function reportOf(argv: string[], cwd: string) {
  const { code, stdout } = tracecore(['verify', '--json', ...argv], { cwd });
  const report = JSON.parse(stdout) as { ok: boolean; subjects: { kind: string; file: string; ok: boolean }[] };
  expect([isReport(report), isReport.errors]).toEqual([true, null]);
  expect(code).toBe(report.ok ? 0 : 1);
  return report;
}

test('[REQ-VER-01] the latest run, a run by id and a file each get one line per check', () =>
  withRun(async (cwd, file, artifact) => {
    for (const argv of [['verify'], ['verify', '--latest'], ['verify', '--run', artifact.run_id], ['verify', file]]) {
      const { code, stdout, stderr } = tracecore(argv, { cwd });
      expect([code, stderr]).toEqual([0, '']);
      expect(stdout).toBe(`.agent_bench/runs/${basename(file)}\n${OK_LINES}`);
    }
    const { run_id } = artifact;
    expect(reportOf([], cwd)).toMatchObject({ ok: true, subjects: [{ run_id, kind: 'run', checks: { length: 8 } }] });
  }));

describe('an edit fails the check that it breaks, and the line names the field', () => {
  const edits: [string, Edit, RegExp][] = [
    [
      '[REQ-VER-02] a byte of a result',
      (artifact) => Object.assign(entryOf(artifact, 0).result, { ok: false }),
      /^hash: FAIL HASH_MISMATCH \/artifact_hash /m,
    ],
    [
      '[REQ-VER-03] a step removed',
      (artifact) => void artifact.action_trace.splice(1, 1),
      /^budgets: FAIL \w+ \/action_trace\/1\/step /m,
    ],
    [
      '[REQ-VER-03] a budget edited',
      (artifact) => Object.assign(artifact.budgets, { steps: 79 }),
      /^budgets: FAIL \w+ \/budgets\/steps /m,
    ],
    [
      '[REQ-VER-04] another failure_type',
      (artifact) => Object.assign(artifact, { failure_type: 'timeout' }),
      /^taxonomy: FAIL FAILURE_TYPE_MISMATCH \/failure_type /m,
    ],
    [
      '[REQ-ART-03] a field missing',
      (artifact) => void Reflect.deleteProperty(artifact, 'seed'),
      /^schema: FAIL ARTIFACT_INVALID \/seed .*is required/m,
    ],
    [
      '[REQ-VERS-02] another spec version',
      (artifact) => Object.assign(artifact, { spec_version: 'tracecore-spec-v9.0' }),
      /^schema: FAIL SPEC_VERSION_UNSUPPORTED .*v9\.0/m,
    ],
  ];

  test.each(edits)('%s', (_, edit, line) =>
    withRun(async (cwd, file, artifact) => {
      edit(artifact);
      await writeFile(file, JSON.stringify(artifact));
      const { code, stdout } = tracecore(['verify', file], { cwd });
      expect(stdout).toMatch(line);
      expect(code).toBe(1);
    }),
  );

  test('[REQ-VER-05] a result whose hash was recomputed fails the re-derivation alone', () =>
    withRun(async (cwd, file, artifact) => {
      const [first] = (entryOf(artifact, 0).result as { entries: string[] }).entries;
      const forged = JSON.parse(
        JSON.stringify(artifact).replaceAll(JSON.stringify(first), '"INFO all is well"'),
      ) as Artifact;
      forged.artifact_hash = hashArtifact(forged, sha256);
      await writeFile(file, JSON.stringify(forged));
      const { code, stdout } = tracecore(['verify', file], { cwd });
      expect(stdout).toMatch(
        /^schema: OK\nhash: OK\nbudgets: OK\ntaxonomy: OK\nre-derivation: FAIL \w+ \/action_trace\/0\/result/m,
      );
      expect(code).toBe(1);
    }));
});

describe('[REQ-ART-02] a file that is no artifact is one sentence and exit 1, and stays as it was', () => {
  test.each<[string, (text: string) => string, RegExp]>([
    ['not JSON', () => 'hello\n', /expected a value, found "h" at line 1, column 1/],
    ['empty', () => '', /found the end of the text/],
    ['truncated', (text) => text.slice(0, 400), /found the end of the text at line/],
    ['with a duplicate key', (text) => text.replace('{', '{"seed": 7,'), /"seed" again in the same object/],
  ])('%s', (_, mangle, message) =>
    withRun(async (cwd, file) => {
      const text = mangle(await readFile(file, 'utf8'));
      await writeFile(join(cwd, 'bad.json'), text);
      const { code, stdout, stderr } = tracecore(['verify', 'bad.json'], { cwd });
      expect([code, stdout]).toEqual([1, '']);
      expect(stderr).toMatch(message);
      expect(stderr).toMatch(/^tracecore: [^\n]*bad\.json[^\n]*\n$/);
      expect(await readFile(join(cwd, 'bad.json'), 'utf8')).toBe(text);
      expect(reportOf(['bad.json'], cwd)).toMatchObject({ ok: false, subjects: [{ ok: false, file: 'bad.json' }] });
    }),
  );
});

test('several files are each checked; one bad file does not hide the others', () =>
  withRun(async (cwd, file) => {
    await writeFile(join(cwd, 'bad.json'), '{');
    const { code, stdout, stderr } = tracecore(['verify', 'bad.json', file], { cwd });
    expect([code, stdout]).toEqual([1, `.agent_bench/runs/${basename(file)}\n${OK_LINES}`]);
    expect(stderr).toContain('bad.json');
  }));

test('a file is checked from any folder, and nothing is written there', () =>
  withRun(async (_, file) =>
    withFolder(async (elsewhere) => {
      const { code, stdout } = tracecore(['verify', file], { cwd: elsewhere });
      expect([code, stdout]).toEqual([0, `${file}\n${OK_LINES}`]);
      expect(await filesIn(elsewhere)).toEqual([]);
    }),
  ));

test('a file of the Python runtime is checked by its own form and by our task, anywhere', () =>
  withFolder(async (cwd) => {
    const file = fileURLToPath(new URL('vectors/artifacts/python/dice-game--dice-game-agent.json', SPEC));
    const { code, stdout } = tracecore(['verify', file], { cwd });
    expect(stdout).toContain('\nhash: OK (python form)\n');
    expect(stdout).toContain("\nre-derivation: OK (the verdict, in this runtime's dice_game@1)\n");
    expect([code, await filesIn(cwd)]).toEqual([0, []]);
    const strict = tracecore(['verify', '--strict', file], { cwd });
    expect([strict.code, strict.stdout]).toEqual([1, expect.stringContaining('re-derivation: FAIL VERDICT_ONLY ')]);
  }));

describe('bundles', () => {
  /** A run, its key, its signed bundle, and shorthands. */
  function withSealed(body: (cwd: string, id: string, bundle: string) => Promise<void>): Promise<void> {
    return withRun(async (cwd, _, { run_id }) => {
      for (const words of ['keys generate --out lab.key', 'bundle seal --sign --key lab.key']) {
        expect(tracecore(words.split(' '), { cwd }).code).toBe(0);
      }
      await body(cwd, run_id, join('.agent_bench', 'baselines', run_id));
    });
  }

  test('a run is checked with its bundle; a bundle by its folder or id; all of it strictly too', () =>
    withSealed(async (cwd, id, bundle) => {
      const trusted = ['--key', 'lab.key.pub', '--strict', '--strict-spec'];
      for (const argv of [[], ['--run', id], ['--bundle', id], ['--bundle', bundle], [bundle]]) {
        const { code, stdout } = tracecore(['verify', ...argv, ...trusted], { cwd });
        expect(stdout).toMatch(
          new RegExp(
            `^\\S+\\n${PROVEN}bundle: OK\\nsignature: OK \\(trusted key [0-9a-f]{64} by lab.key.pub\\)\\nledger: SKIP NO_LEDGER there is no ledger here\\nstrict-spec: OK\\n$`,
          ),
        );
        expect(code).toBe(0);
      }
      expect(tracecore(['verify'], { cwd }).stdout).toContain('\nsignature: FAIL SIGNATURE_UNTRUSTED ');
      expect(reportOf(['--key', 'lab.key.pub', bundle], cwd)).toMatchObject({
        ok: true,
        subjects: [{ kind: 'bundle', file: bundle, run_id: id, signers: [{ status: 'trusted' }] }],
      });
    }));

  test('a published bundle is found in the ledger, and a ledger that lost entries is told', () =>
    withSealed(async (cwd, id) => {
      const $ = (words: string) => tracecore(words.split(' '), { cwd });
      expect($('keys generate --out log.key').code).toBe(0);
      const publish = `ledger publish --bundle ${id} --key log.key --origin example.org/lab`;
      const trusting = '--key lab.key.pub --key log.key.pub';
      await mkdir(join(cwd, 'trust'));
      for (const name of ['lab', 'log']) await cp(join(cwd, `${name}.key.pub`), join(cwd, 'trust', `${name}.pub`));
      const published = $(publish);
      expect([published.code, published.stderr]).toEqual([0, '']);
      expect($(`verify --strict ${trusting}`).stdout).toContain('\nledger: OK (entry 0 of 1 in example.org/lab)\n');
      await rm(join(cwd, '.agent_bench', 'ledger'), { recursive: true });
      const gone = $('verify');
      expect([gone.code, gone.stdout]).toEqual([1, expect.stringContaining('\nledger: FAIL LEDGER_ROLLED_BACK ')]);
    }));

  test('the latest run and an earlier run with the latest bundle are told apart', () =>
    withSealed(async (cwd, _, bundle) => {
      expect(tracecore(['run', 'pairing', 'dice_game'], { cwd }).code).toBe(0);
      const { ok, subjects } = reportOf(['--key', 'lab.key.pub'], cwd);
      expect([ok, subjects.map(({ kind }) => kind), subjects[1]?.file]).toEqual([true, ['run', 'bundle'], bundle]);
    }));

  test('an edited bundle, a missing one and two ways to name a subject', () =>
    withSealed(async (cwd, id, bundle) => {
      await writeFile(join(cwd, bundle, 'manifest.json'), '{}');
      const edited = tracecore(['verify', '--key', 'lab.key.pub'], { cwd });
      expect(edited.stdout).toContain(`${PROVEN}bundle: FAIL DIGEST_MISMATCH `);
      expect(edited.code).toBe(1);
      expect(tracecore(['verify', '--bundle', 'f'.repeat(32)], { cwd }).code).toBe(2);
      const twice = tracecore(['verify', '--run', id, '--bundle', id], { cwd });
      expect([twice.code, twice.stderr]).toEqual([2, expect.stringContaining('one of them')]);
      expect(tracecore(['verify', '--key', 'none.pub'], { cwd }).code).toBe(2);
    }));
});

test('torn and foreign files in the runs folder are named and passed over', () =>
  withRun(async (cwd, file, artifact) => {
    const runs = join(cwd, '.agent_bench', 'runs');
    const torn = `${'f'.repeat(32)}.json`;
    await writeFile(join(runs, torn), '{"run_id": "ffff');
    await writeFile(join(runs, 'notes.txt'), 'hello');
    for (const word of ['verify', 'inspect']) {
      const { code, stderr } = tracecore([word, '--latest'], { cwd });
      expect(code).toBe(0);
      expect(stderr).toContain(`tracecore: skipped .agent_bench/runs/${torn}: `);
      expect(stderr).toContain('tracecore: skipped .agent_bench/runs/notes.txt: ');
    }
    await writeFile(file, '');
    expect(tracecore(['verify', '--run', artifact.run_id], { cwd }).code).toBe(1);
    expect(tracecore(['inspect', '--run', artifact.run_id], { cwd }).code).toBe(1);
  }));

test('inspect shows one line per step', () =>
  withRun(async (cwd, _, artifact) => {
    const { code, stdout, stderr } = tracecore(['inspect', '--run', artifact.run_id], { cwd });
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout.match(/^ +\d+ {2}\w+ \{/gm)).toHaveLength(artifact.action_trace.length);
    expect(JSON.parse(tracecore(['inspect', '--json'], { cwd }).stdout)).toEqual(artifact);
  }));

test('inspect shows a run by its id, a file of the Python runtime and a bundle, anywhere', () =>
  withRun(async (cwd, _, { run_id }) => {
    expect(tracecore(['bundle', 'seal'], { cwd }).code).toBe(0);
    const python = fileURLToPath(new URL('vectors/artifacts/python/dice-game--dice-game-agent.json', SPEC));
    const bundle = join(cwd, '.agent_bench', 'baselines', run_id);
    const shown = tracecore(['inspect', run_id.slice(0, 8)], { cwd });
    expect([shown.code, shown.stdout]).toEqual([0, expect.stringContaining(`run         ${run_id}\n`)]);
    await withFolder(async (elsewhere) => {
      const there = (ref: string) => tracecore(['inspect', ref], { cwd: elsewhere });
      expect(there(bundle).stdout).toBe(shown.stdout);
      expect(there(python).stdout).toContain('task        dice_game@1\n');
      expect(there('none.json')).toMatchObject({ code: 2, stderr: expect.stringContaining('none.json') });
      await writeFile(join(elsewhere, 'torn.json'), '{"run_id":');
      expect(there('torn.json').code).toBe(1);
      expect(await filesIn(elsewhere)).toEqual(['torn.json']);
    });
  }));
