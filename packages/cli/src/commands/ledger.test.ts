import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hashArtifact } from '@tracecore/artifact';
import { sha256 } from '@tracecore/artifact/node';
import type { Artifact } from '@tracecore/spec';
import { describe, expect, test } from 'vitest';
import type { Loaders } from '../deps.js';
import { type Recorded, runCli, withFolder } from '../testing/fake-deps.js';

const SAMPLE = new URL('../../../../spec/vectors/artifacts/valid/success-two-steps.json', import.meta.url);
const ID = `abcdef0${'1'.repeat(25)}`;
const OTHER = `fedcba0${'2'.repeat(25)}`;
const load = {
  artifact: () => import('@tracecore/artifact/node'),
  store: () => import('@tracecore/store'),
  bundle: () => import('@tracecore/bundle'),
  ledger: () => import('@tracecore/bundle/ledger'),
} as unknown as Loaders;

type Run = (argv: string, cwd?: string) => Promise<Recorded>;

/** A workspace with two signed bundles of one agent, the key of a lab that is trusted, and the log's own key. */
function withBundles(body: (run: Run, dir: string) => Promise<void>): Promise<void> {
  return withFolder(async (dir) => {
    const run: Run = (argv, cwd = dir) => runCli(argv.split(' '), { io: { cwd }, deps: { load } });
    await mkdir(join(dir, '.agent_bench', 'runs'), { recursive: true });
    await mkdir(join(dir, 'trust'));
    await mustRun(run, 'keys generate --out lab.key');
    await mustRun(run, 'keys generate --out log.key');
    await cp(join(dir, 'lab.key.pub'), join(dir, 'trust', 'lab.pub'));
    for (const run_id of [ID, OTHER]) {
      const artifact = { ...JSON.parse(await readFile(SAMPLE, 'utf8')), run_id } as Artifact;
      const text = JSON.stringify({ ...artifact, artifact_hash: hashArtifact(artifact, sha256) });
      await writeFile(join(dir, '.agent_bench', 'runs', `${run_id}.json`), text);
      await mustRun(run, `bundle seal --run ${run_id} --sign --key lab.key`);
    }
    await body(run, dir);
  });
}

async function mustRun(run: Run, argv: string, cwd?: string): Promise<string> {
  const { code, stdout, stderr } = await run(argv, cwd);
  expect([argv, code, stderr]).toEqual([argv, 0, '']);
  return stdout;
}

const PUBLISH = `ledger publish --key log.key --origin example.org/agents --bundle`;

describe('ledger publish', () => {
  test('appends an entry and says what to type next, which works as it stands', () =>
    withBundles(async (run, dir) => {
      const stdout = await mustRun(run, `${PUBLISH} ${ID} --suite operations --maintainer lab`);
      expect(stdout).toMatch(/^origin {2}example\.org\/agents$/m);
      expect(stdout).toMatch(/^entry {3}0 of 1$/m);
      const next = /^ {2}tracecore (ledger prove .*)$/m.exec(stdout)?.[1] as string;
      const proven = await mustRun(run, next);
      const verify = /^ {2}tracecore (ledger verify .*)$/m.exec(proven)?.[1] as string;
      expect(await mustRun(run, verify)).toContain('inclusion: OK\n');
      expect(await readdir(join(dir, '.agent_bench', 'ledger'))).toEqual(['checkpoint', 'tile']);
      const json = JSON.parse(await mustRun(run, `ledger publish --key log.key --bundle ${OTHER} --json`)) as object;
      expect(json).toMatchObject({
        index: 1,
        origin: 'example.org/agents',
        size: 2,
        suite: 'core',
        tasks: { length: 1 },
      });
    }));

  test('names a new log after its folder and key where no name is given', () =>
    withBundles(async (run) => {
      const stdout = await mustRun(run, `ledger publish --key log.key --bundle ${ID}`);
      expect(stdout).toMatch(/^origin {2}tracecore\.local\/tracecore-cli-\w+-[0-9a-f]{8}$/m);
    }));

  test('refuses the same bundle again, naming its run and entry', () =>
    withBundles(async (run) => {
      await mustRun(run, `${PUBLISH} ${ID} --bundle ${OTHER}`);
      const { code, stderr } = await run(`${PUBLISH} ${OTHER}`);
      expect([code, stderr]).toEqual([2, expect.stringContaining(`found the bundle of run ${OTHER} in entry 0`)]);
    }));

  test('takes no bundle that is unsigned, damaged, or signed by a key that is not trusted', () =>
    withBundles(async (run, dir) => {
      const bundles = join(dir, '.agent_bench', 'baselines');
      await rm(join(bundles, ID, 'attestation.dsse.json'));
      await writeFile(join(bundles, OTHER, 'validator.json'), '{}');
      expect(await run(`${PUBLISH} ${ID}`)).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('SIGNATURE_NONE'),
      });
      expect(await run(`${PUBLISH} ${OTHER}`)).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('DIGEST_MISMATCH'),
      });
      await mustRun(run, `bundle sign ${ID} --key log.key`);
      expect(await run(`${PUBLISH} ${ID}`)).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('SIGNATURE_UNTRUSTED'),
      });
      expect(await readdir(join(dir, '.agent_bench'))).not.toContain('ledger');
    }));

  test.each<[string, string, RegExp, number]>([
    ['no bundle', 'ledger publish --key log.key', /needs --bundle/, 2],
    ['no key', `ledger publish --bundle ${ID}`, /needs --key FILE, the log's own private key/, 2],
    ['a public key', `ledger publish --bundle ${ID} --key log.key.pub`, /expected a private key/, 2],
    [
      'a name with a space in it',
      `${PUBLISH.replace('example.org/agents', 'a+b')} ${ID}`,
      /expected a name such as/,
      2,
    ],
    ['a suite that is none', `${PUBLISH} ${ID} --suite A`, /at \/suite, found "A"/, 2],
    ['a short description', `${PUBLISH} ${ID} --description short`, /10 to 300 characters/, 2],
    ['the same bundle twice', `${PUBLISH} ${ID} --bundle ${ID}`, /expected each run once/, 2],
    ['no such bundle', `${PUBLISH} 999999`, /there is no bundle of a run 999999/, 2],
  ])('%s is one sentence and writes nothing', (_, argv, message, expected) =>
    withBundles(async (run, dir) => {
      const { code, stdout, stderr } = await run(argv);
      expect([code, stdout, stderr]).toEqual([expected, '', expect.stringMatching(/^tracecore: [^\n]+\n$/)]);
      expect(stderr).toMatch(message);
      expect(await readdir(join(dir, '.agent_bench'))).toEqual(['baselines', 'runs', 'session.json']);
    }),
  );
});

describe('ledger and ledger show', () => {
  test('where nothing is published they say how to, and make no folder', () =>
    withBundles(async (run, dir) => {
      expect(await mustRun(run, 'ledger')).toMatch(/^there is no entry in \.agent_bench\/ledger yet; publish/);
      expect(JSON.parse(await mustRun(run, 'ledger --json'))).toEqual({ version: 1, entries: [] });
      expect((await run('ledger show 0')).code).toBe(2);
      expect(await readdir(join(dir, '.agent_bench'))).toEqual(['baselines', 'runs', 'session.json']);
    }));

  test('list the entries as a table and in the form of the registry', () =>
    withBundles(async (run) => {
      await mustRun(run, `${PUBLISH} ${ID}`);
      await mustRun(run, `${PUBLISH} ${OTHER}`);
      const table = await mustRun(run, 'ledger --key log.key.pub');
      expect(table).toMatch(/^0 {6}[0-9a-f]{12} {2}agents\/triage_agent\.ts {2}core {3}log_alert_triage@1 100 % /m);
      const { version, entries } = JSON.parse(await mustRun(run, 'ledger --json --key log.key.pub')) as {
        version: number;
        entries: { index: number; leaf_hash: string; agent: string }[];
      };
      expect([version, entries.map(({ index }) => index)]).toEqual([1, [0, 1]]);
      const hash = entries[1]?.leaf_hash as string;
      const shown = await mustRun(run, `ledger show ${hash.slice(0, 10)} --key log.key.pub`);
      expect(shown).toContain(`hash        ${hash}\n`);
      expect(JSON.parse(await mustRun(run, 'ledger show 1 --json --key log.key.pub'))).toEqual(entries[1]);
    }));

  test('a log by a key that is not trusted, or a damaged one, is exit 1', () =>
    withBundles(async (run, dir) => {
      await mustRun(run, `${PUBLISH} ${ID}`);
      expect(await run('ledger')).toMatchObject({ code: 1, stderr: expect.stringContaining('name the log') });
      await writeFile(join(dir, '.agent_bench', 'ledger', 'checkpoint'), 'torn');
      for (const argv of ['ledger', 'ledger show 0', 'ledger prove 0', `${PUBLISH} ${OTHER}`]) {
        expect(await run(argv), argv).toMatchObject({
          code: 1,
          stderr: expect.stringContaining('expected a signed note'),
        });
      }
    }));
});

describe('ledger verify', () => {
  test('checks all, an entry and a bundle; --json has the same lines', () =>
    withBundles(async (run) => {
      await mustRun(run, `${PUBLISH} ${ID}`);
      const lines = 'checkpoint: OK\nsignature: OK\ntiles: OK\nhistory: OK\n';
      const all = await mustRun(run, 'ledger verify --key log.key.pub');
      expect(all).toContain(
        `.agent_bench/ledger\n${lines}entries: OK\nregistry: OK\nlog: example.org/agents, 1 entry\n`,
      );
      expect(await mustRun(run, 'ledger verify --registry --key log.key.pub')).toBe(all);
      expect(await mustRun(run, 'ledger verify --entry 0 --key log.key.pub')).toContain(
        `${lines}entry: OK\ninclusion: OK\n`,
      );
      const bundle = await mustRun(run, `ledger verify --bundle ${ID} --key log.key.pub`);
      expect(bundle).toContain(`${lines}bundle: OK\nentry: OK\ninclusion: OK\n`);
      const json = JSON.parse(await mustRun(run, 'ledger verify --json --key log.key.pub')) as object;
      expect(json).toMatchObject({ subject: '.agent_bench/ledger', ok: true, size: 1, checks: { length: 6 } });
      const missing = await run(`ledger verify --bundle ${OTHER} --key log.key.pub`);
      expect([missing.code, missing.stdout]).toEqual([
        1,
        expect.stringContaining('entry: FAIL LEDGER_ENTRY_NOT_FOUND '),
      ]);
    }));

  test('a bundle that came with a trust folder does not vouch for itself', () =>
    withBundles(async (run, dir) => {
      await mustRun(run, `${PUBLISH} ${ID}`);
      const bundle = join(dir, '.agent_bench', 'baselines', ID);
      await cp(join(dir, 'trust'), join(bundle, 'trust'), { recursive: true });
      await writeFile(join(bundle, 'tracecore.toml'), '');
      const mirror = join(dir, '.agent_bench', 'ledger');
      const { code, stdout, stderr } = await run(
        `ledger verify --bundle ${bundle} --dir ${mirror} --key ../../../log.key.pub`,
        bundle,
      );
      expect([code, stdout]).toEqual([1, expect.stringContaining('bundle: FAIL BUNDLE_UNTRUSTED')]);
      expect(stderr).toContain('does not count');
    }));

  test('remembers the last checkpoint, so a ledger put back or taken away is named', () =>
    withBundles(async (run, dir) => {
      const home = join(dir, '.agent_bench');
      await mustRun(run, `${PUBLISH} ${ID}`);
      await cp(join(home, 'ledger'), join(dir, 'old'), { recursive: true });
      await mustRun(run, `${PUBLISH} ${OTHER}`);
      await rm(join(home, 'ledger'), { recursive: true });
      for (const argv of ['ledger --key log.key.pub', `${PUBLISH} ${OTHER}`]) {
        expect(await run(argv), argv).toMatchObject({
          code: 1,
          stderr: expect.stringMatching(/expected the log of 2 entries/),
        });
      }
      await cp(join(dir, 'old'), join(home, 'ledger'), { recursive: true });
      const { code, stdout } = await run('ledger verify --key log.key.pub');
      expect([code, stdout]).toEqual([1, expect.stringContaining('history: FAIL LEDGER_ROLLED_BACK ')]);
      expect(stdout).toContain('.agent_bench/ledger-seen/checkpoint');
    }));

  test('checks a downloaded ledger, against an older checkpoint too, and without a workspace keeps nothing', () =>
    withBundles(async (run, dir) => {
      await mustRun(run, `${PUBLISH} ${ID}`);
      await withFolder(async (elsewhere) => {
        const ledger = join(dir, '.agent_bench', 'ledger');
        await cp(ledger, join(elsewhere, 'mirror'), { recursive: true });
        await cp(join(ledger, 'checkpoint'), join(elsewhere, 'older.txt'));
        await cp(join(dir, 'log.key.pub'), join(elsewhere, 'log.pub'));
        await mustRun(run, `${PUBLISH} ${OTHER}`);
        await cp(ledger, join(elsewhere, 'later'), { recursive: true });
        const verify = (more: string) => run(`ledger verify --key log.pub ${more}`, elsewhere);
        expect(await verify('--dir later --checkpoint older.txt')).toMatchObject({
          code: 0,
          stdout: expect.stringContaining('history: OK'),
        });
        for (const [text, message] of [
          [
            (await readFile(join(elsewhere, 'older.txt'), 'utf8')).replace('\n1\n', '\n2\n'),
            'a signature in its name that does not hold',
          ],
          ['torn', 'holds no checkpoint: expected a signed note'],
        ] as const) {
          await writeFile(join(elsewhere, 'forged.txt'), text);
          const given = await verify('--dir later --checkpoint forged.txt');
          expect([given.code, given.stdout, given.stderr]).toEqual([1, '', expect.stringContaining(message)]);
        }
        await rm(join(elsewhere, 'forged.txt'));
        await cp(join(elsewhere, 'later', 'checkpoint'), join(elsewhere, 'newer.txt'));
        expect(await verify('--dir mirror --checkpoint newer.txt')).toMatchObject({
          code: 1,
          stdout: expect.stringContaining('history: FAIL LEDGER_ROLLED_BACK'),
        });
        expect(await verify('--dir mirror --origin example.org/other')).toMatchObject({
          code: 1,
          stdout: expect.stringContaining('signature: FAIL LEDGER_ORIGIN_MISMATCH'),
        });
        expect((await readdir(elsewhere)).sort()).toEqual(['later', 'log.pub', 'mirror', 'newer.txt', 'older.txt']);
        await mkdir(join(elsewhere, '.agent_bench'));
        expect((await verify('--dir later')).code).toBe(0);
        expect(await verify('--dir mirror')).toMatchObject({
          code: 1,
          stdout: expect.stringContaining('LEDGER_ROLLED_BACK'),
        });
      });
    }));

  test('a proof that was changed, or is of another entry, fails the line for it', () =>
    withBundles(async (run, dir) => {
      await mustRun(run, `${PUBLISH} ${ID}`);
      await cp(join(dir, '.agent_bench', 'ledger', 'checkpoint'), join(dir, 'older.txt'));
      await mustRun(run, `${PUBLISH} ${OTHER}`);
      await mustRun(run, 'ledger prove 1 --from older.txt --out proof.json --key log.key.pub');
      const verified = await mustRun(run, 'ledger verify --proof proof.json --key log.key.pub');
      expect(verified).toContain('consistency: OK\n');
      await writeFile(
        join(dir, 'entry.json'),
        JSON.stringify(JSON.parse(await mustRun(run, 'ledger prove 0 --key log.key.pub')).entry),
      );
      const other = await run('ledger verify --proof proof.json --entry-file entry.json --key log.key.pub');
      expect([other.code, other.stdout]).toEqual([1, expect.stringContaining('entry: FAIL LEDGER_ENTRY_MISMATCH')]);
      const text = await readFile(join(dir, 'proof.json'), 'utf8');
      await writeFile(join(dir, 'proof.json'), text.replace('"index": 1', '"index": 0'));
      const changed = await run('ledger verify --proof proof.json --key log.key.pub --json');
      expect(changed.code).toBe(1);
      const { checks } = JSON.parse(changed.stdout) as { checks: { check: string; code: string }[] };
      expect(checks).toContainEqual(expect.objectContaining({ check: 'inclusion', code: 'LEDGER_PROOF_INVALID' }));
    }));

  test.each<[string, string, RegExp, number]>([
    ['two questions', 'ledger verify --registry --entry 0', /--registry, --entry, --bundle or --proof, one of them/, 2],
    ['an entry file without a proof', 'ledger verify --entry-file a.json', /--entry-file is for --proof/, 2],
    ['a folder with a proof', 'ledger verify --proof a.json --dir .', /--dir is for a ledger/, 2],
    ['no such folder', 'ledger verify --dir gone', /--dir: there is no gone/, 2],
    ['a folder that is no ledger', 'ledger verify --dir trust', /expected a log in .*trust, found no checkpoint/, 2],
    ['no such checkpoint', 'ledger verify --checkpoint gone', /--checkpoint: there is no gone/, 2],
    ['no such proof', 'ledger verify --proof gone.json', /no file at .*gone\.json/, 2],
    ['no ledger', 'ledger verify', /expected a log in .*found no checkpoint/, 2],
    ['show: no entry', 'ledger show', /ledger show needs an entry/, 2],
    ['prove: no entry', 'ledger prove', /ledger prove needs an entry/, 2],
    ['prove: no such checkpoint', 'ledger prove 0 --from gone', /--from: there is no gone/, 2],
  ])('%s is one sentence', (_, argv, message, expected) =>
    withBundles(async (run) => {
      const { code, stdout, stderr } = await run(argv);
      expect([code, stdout, stderr]).toEqual([expected, '', expect.stringMatching(/^tracecore: [^\n]+\n$/)]);
      expect(stderr).toMatch(message);
    }),
  );
});
