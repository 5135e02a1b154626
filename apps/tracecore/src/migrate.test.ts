import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JsonObject } from '@tracecore/spec';
import { expect, test } from 'vitest';
import { filesIn, tracecore, withFolder } from './testing/tracecore.js';

const PYTHON = new URL('../../../spec/vectors/artifacts/python/dice-game--dice-game-agent.json', import.meta.url);
const NEWER = `${'a'.repeat(32)}.json`;

/** A workspace with one run of v0.1, one of a later version, and what is no run. */
async function withOldRuns(body: (cwd: string, id: string, old: string) => Promise<void>): Promise<void> {
  const { agent_ref: _, artifact_hash: __, ...fields } = JSON.parse(await readFile(PYTHON, 'utf8')) as JsonObject;
  const old = JSON.stringify({ ...fields, spec_version: 'v0.1' }, null, 2);
  const id = fields.run_id as string;
  await withFolder(async (cwd) => {
    const runs = join(cwd, '.agent_bench', 'runs');
    await mkdir(runs, { recursive: true });
    await writeFile(join(runs, `${id}.json`), old);
    await writeFile(join(runs, NEWER), JSON.stringify({ ...fields, spec_version: 'tracecore-spec-v3.0' }));
    await writeFile(join(runs, 'notes.txt'), 'mine');
    await body(cwd, id, old);
  });
}

test('old runs are found, migrated and verified, and the files as they were are kept', () =>
  withOldRuns(async (cwd, id, old) => {
    const $ = (...argv: string[]) => tracecore(argv, { cwd });
    const before = await filesIn(cwd);
    const dry = $('runs', 'migrate');
    expect([dry.code, dry.stderr]).toEqual([1, '']);
    expect(
      dry.stdout,
    ).toBe(`${NEWER}: left alone SPEC_VERSION_UNKNOWN expected tracecore-spec-v1.0, v0.x or none, got "tracecore-spec-v3.0"; a later release may know it
${id}.json: would change from v0.1
  filled:  /spec_version /agent_ref
notes.txt: left alone NAME_INVALID expected a file named <run_id>.json or <run_id>.json.gz
.agent_bench: 0 v1.0 already, 1 would change, 2 left alone
nothing was written; --write does it
`);
    expect(await filesIn(cwd)).toEqual(before);
    expect(await readFile(join(cwd, '.agent_bench', 'runs', `${id}.json`), 'utf8')).toBe(old);
    expect($('verify', '--run', id).code).toBe(1);

    const written = $('runs', 'migrate', '--write');
    expect([written.code, written.stderr]).toEqual([0, '']);
    expect(written.stdout).toContain(`${id}.json: migrated from v0.1\n`);
    const kept = /^ {2}kept: +(\S+)$/m.exec(written.stdout)?.[1] as string;
    expect(kept.replaceAll('\\', '/')).toMatch(new RegExp(`^\\.agent_bench/migrated/${id}\\.[0-9a-f]{16}\\.json$`));
    expect(await readFile(join(cwd, kept), 'utf8')).toBe(old);

    const verified = $('verify', '--run', id);
    expect(verified.code).toBe(0);
    expect(verified.stdout).toContain('hash: OK\n');
    expect(verified.stdout).toContain("re-derivation: OK (the verdict, in this runtime's dice_game@1)\n");
    expect($('bundle', 'seal', '--run', id).code).toBe(0);
    expect($('bundle', 'verify', id).code).toBe(0);
    expect($('runs', 'migrate').code).toBe(0);
    expect($('runs', 'migrate', '--write').stdout).toContain('.agent_bench: 1 v1.0 already, 2 left alone\n');
  }));

test('--json has a line for each file, and --root another place', () =>
  withOldRuns(async (cwd, id) => {
    const elsewhere = join(cwd, 'elsewhere');
    await mkdir(elsewhere);
    const { code, stdout } = tracecore(['runs', 'migrate', '--root', '..', '--json', '--write'], { cwd: elsewhere });
    expect(code).toBe(0);
    const report = JSON.parse(stdout) as { write: boolean; runs: object[] };
    expect(report).toMatchObject({ write: true, runs: [{ file: NEWER, state: 'left' }, {}, { file: 'notes.txt' }] });
    expect(report.runs[1]).toMatchObject({
      file: `${id}.json`,
      state: 'migrated',
      code: null,
      record: { from: 'v0.1', changed: ['/spec_version', '/agent_ref'], assumed: [], previous_hash: null },
    });
  }));

test.each([
  [['runs'], /^tracecore: unknown command "runs"; there is runs list, .*runs migrate\n$/],
  [['runs', 'migrat'], /^tracecore: unknown command "runs migrat"; did you mean/],
  [['runs', 'migrate', 'x'], /^tracecore: runs migrate takes no argument "x"/],
])('%j is one sentence, exit 2', (argv, message) =>
  withFolder(async (cwd) => {
    const { code, stdout, stderr } = tracecore(argv, { cwd });
    expect([code, stdout, stderr]).toEqual([2, '', expect.stringMatching(message)]);
  }),
);

test('where there are no runs there is nothing to do', () =>
  withFolder(async (cwd) => {
    const { code, stdout } = tracecore(['runs', 'migrate', '--write'], { cwd });
    expect([code, stdout]).toEqual([0, '.agent_bench: 0 v1.0 already, 0 left alone\n']);
    expect(await filesIn(cwd)).toEqual([]);
  }));
