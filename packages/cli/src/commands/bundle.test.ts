import { chmod, cp, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hashArtifact } from '@tracecore/artifact';
import { sha256 } from '@tracecore/artifact/node';
import type { Artifact } from '@tracecore/spec';
import { describe, expect, test } from 'vitest';
import type { Loaders } from '../deps.js';
import { type Recorded, runCli, withFolder } from '../testing/fake-deps.js';

const SAMPLE = new URL('../../../../spec/vectors/artifacts/valid/success-two-steps.json', import.meta.url);
const POSIX = process.platform !== 'win32';
const ID = `abcdef0${'1'.repeat(25)}`;
const OTHER = `abcdef0${'2'.repeat(25)}`;

const load = {
  store: () => import('@tracecore/store'),
  bundle: () => import('@tracecore/bundle'),
} as unknown as Loaders;

/** The text of a run file under another id; the hash does not cover ids. */
async function runText(run_id: string, fields: Partial<Artifact> = {}): Promise<string> {
  const artifact = { ...JSON.parse(await readFile(SAMPLE, 'utf8')), ...fields, run_id } as Artifact;
  return JSON.stringify({ ...artifact, artifact_hash: hashArtifact(artifact, sha256) });
}

type Run = (argv: string, cwd?: string) => Promise<Recorded>;

/** A folder with runs of these ids in it. */
function withRuns(ids: readonly string[], body: (run: Run, dir: string) => Promise<void>): Promise<void> {
  return withFolder(async (dir) => {
    const runs = join(dir, '.agent_bench', 'runs');
    await mkdir(runs, { recursive: true });
    for (const id of ids) await writeFile(join(runs, `${id}.json`), await runText(id));
    await body((argv, cwd = dir) => runCli(argv.split(' '), { io: { cwd }, deps: { load } }), dir);
  });
}

async function mustRun(run: Run, argv: string): Promise<string> {
  const { code, stdout, stderr } = await run(argv);
  expect([argv, code, stderr]).toEqual([argv, 0, '']);
  return stdout;
}

/** The id of a key, as `keys show` tells it. */
async function keyId(run: Run, file: string): Promise<string> {
  return /^key {3}([0-9a-f]{64})$/m.exec(await mustRun(run, `keys show ${file}`))?.[1] as string;
}

describe('bundle seal', () => {
  test('seals the latest run, points the session at the bundle, and says what to type next', () =>
    withRuns([ID], async (run, dir) => {
      const stdout = await mustRun(run, 'bundle seal');
      expect(stdout).toBe(`bundle     .agent_bench/baselines/${ID}
run        ${ID}
outcome    success
signed by  nobody

Next:
  tracecore bundle verify ${ID}
`);
      expect(await mustRun(run, 'bundle seal --latest')).toContain('(it was there already, the same)\n');
      const session = JSON.parse(await readFile(join(dir, '.agent_bench', 'session.json'), 'utf8')) as object;
      expect(session).toMatchObject({ latest_run_id: ID, latest_bundle_dir: `.agent_bench/baselines/${ID}` });
    }));

  test('signs, and the next command names the public half', () =>
    withRuns([ID], async (run) => {
      await mustRun(run, 'keys generate --out lab.key');
      const id = await keyId(run, 'lab.key');
      const stdout = await mustRun(run, `bundle seal --run ${ID} --sign --key lab.key`);
      expect(stdout).toContain(`signed by  ${id}\n`);
      const next = /tracecore (bundle verify .*)\n/.exec(stdout)?.[1] as string;
      expect(next).toBe(`bundle verify ${ID} --key lab.key.pub`);
      expect(await mustRun(run, next)).toContain(`signature: OK\nsigned by: ${id} trusted (lab.key.pub)\n`);
    }));

  test('--format json gives the same as data', () =>
    withRuns([ID], async (run) => {
      expect(JSON.parse(await mustRun(run, 'bundle seal --format json'))).toEqual({
        dir: `.agent_bench/baselines/${ID}`,
        run_id: ID,
        state: 'sealed',
        success: true,
        termination_reason: 'success',
        signed_by: null,
        removed: [],
      });
    }));

  test('keeps to --root, and so does the next command', () =>
    withRuns([ID], async (run, dir) => {
      await cp(join(dir, '.agent_bench'), join(dir, 'out', '.agent_bench'), { recursive: true });
      expect(await mustRun(run, 'bundle seal --root out')).toContain(`tracecore bundle verify ${ID} --root out\n`);
      await mustRun(run, `bundle verify ${ID} --root out`);
      expect(await readdir(join(dir, '.agent_bench'))).toEqual(['runs']);
    }));

  test.each<[string, string, RegExp, number]>([
    ['a prefix of two runs', 'bundle seal --run abcdef', /expected abcdef to begin one run id, found 2: /, 2],
    ['an unknown run', 'bundle seal --run 999999', /expected a run with the id 999999/, 2],
    ['two sources', `bundle seal --latest --run ${ID}`, /bundle seal takes --run or --latest, one of them/, 2],
    ['--sign without --key', 'bundle seal --sign', /--sign needs --key FILE, a private key; make one with/, 2],
    ['--key without --sign', 'bundle seal --key lab.key', /--key is what --sign signs with; give both/, 2],
    ['a key that is not there', 'bundle seal --sign --key lab.key', /expected a key at .*lab\.key, found none/, 2],
    ['another format', 'bundle seal --format yaml', /--format must be json or text, got "yaml"/, 2],
  ])('%s is one sentence and seals nothing', (_, argv, message, expected) =>
    withRuns([ID, OTHER], async (run, dir) => {
      const { code, stdout, stderr } = await run(argv);
      expect([code, stdout, stderr]).toEqual([expected, '', expect.stringMatching(/^tracecore: [^\n]+\n$/)]);
      expect(stderr).toMatch(message);
      expect(await readdir(join(dir, '.agent_bench'))).toEqual(['runs']);
    }),
  );

  test('where no run is yet it says how to make one', () =>
    withRuns([], async (run) => {
      const { code, stderr } = await run('bundle seal');
      expect([code, stderr]).toEqual([
        2,
        expect.stringMatching(/^tracecore: there is no run in .* yet; make one with/),
      ]);
    }));

  test('a run whose hash does not hold, that is torn or that is another one is exit 1', () =>
    withRuns([], async (run, dir) => {
      const runs = join(dir, '.agent_bench', 'runs');
      const text = await runText(ID);
      for (const [content, message] of [
        [text.replace('"seed":', '"seed":1'), /the artifact cannot be sealed: HASH_MISMATCH/],
        [text.slice(0, 300), /found the end of the text/],
        [await runText(OTHER), new RegExp(`expected the run of the file's name, found ${OTHER}`)],
      ] as const) {
        await writeFile(join(runs, `${ID}.json`), content);
        const { code, stderr } = await run(`bundle seal --run ${ID}`);
        expect([code, stderr]).toEqual([1, expect.stringMatching(message)]);
      }
      expect(await readdir(join(dir, '.agent_bench'))).toEqual(['runs']);
    }));

  test.skipIf(!POSIX)('a key that others can read is refused (skipped where files have no modes)', () =>
    withRuns([ID], async (run, dir) => {
      await mustRun(run, 'keys generate --out lab.key');
      await chmod(join(dir, 'lab.key'), 0o644);
      const { code, stderr } = await run('bundle seal --sign --key lab.key');
      expect([code, stderr]).toEqual([
        2,
        expect.stringMatching(/open to its owner alone, found mode 0644; run: chmod 600/),
      ]);
      expect(await readdir(join(dir, '.agent_bench'))).toEqual(['runs']);
    }),
  );

  test('a target that cannot be written, and another bundle in its place', () =>
    withRuns([ID], async (run, dir) => {
      const bundles = join(dir, '.agent_bench', 'baselines');
      await writeFile(bundles, '');
      const blocked = await run('bundle seal');
      expect([blocked.code, blocked.stderr]).toEqual([
        1,
        expect.stringMatching(/^tracecore: could not write the bundle: /),
      ]);
      await rm(bundles);
      await mustRun(run, 'bundle seal');
      await writeFile(
        join(dir, '.agent_bench', 'runs', `${ID}.json`),
        await runText(ID, { started_at: '2026-01-01T00:00:00Z' }),
      );
      const { code, stderr } = await run('bundle seal');
      expect([code, stderr]).toEqual([
        2,
        expect.stringMatching(/found one with another manifest\.json; verify that one/),
      ]);
    }));
});

const LINES = 'files integrity digests json schema hash budgets taxonomy manifest tool_calls validator sandbox'
  .split(' ')
  .map((check) => `${check}: OK\n`)
  .join('');

describe('bundle verify', () => {
  test('by default, by the id, its beginning and the folder: one line for each check', () =>
    withRuns([ID], async (run, dir) => {
      await mustRun(run, 'bundle seal');
      const shown = `.agent_bench/baselines/${ID}`;
      for (const named of ['', ` ${ID}`, ' abcdef', ` ${shown}`, ` ${join(dir, shown)}`]) {
        expect(await mustRun(run, `bundle verify${named}`)).toBe(
          `${shown}\n${LINES}signature: SKIP SIGNATURE_NONE attestation.dsse.json: nobody signed this bundle\n`,
        );
      }
      const { code, stdout } = await run('bundle verify --require-signature');
      expect([code, stdout]).toEqual([1, expect.stringContaining('\nsignature: FAIL SIGNATURE_NONE ')]);
    }));

  test('says that a run of the Python runtime is checked by its form', () =>
    withRuns([], async (run) => {
      const bundles = fileURLToPath(new URL('../../../../spec/vectors/bundles/', import.meta.url));
      const stdout = await mustRun(run, `bundle verify ${bundles}v0.1/python-run --trust ${bundles}trust`);
      expect(stdout).toContain('\nhash: OK (python form)\n');
    }));

  test('the latest is the one that the session names, and the newest where it names none', () =>
    withRuns([ID, OTHER], async (run, dir) => {
      await mustRun(run, `bundle seal --run ${OTHER}`);
      await mustRun(run, `bundle seal --run ${ID}`);
      expect(await mustRun(run, 'bundle verify')).toContain(`/${ID}\n`);
      await rm(join(dir, '.agent_bench', 'baselines', ID), { recursive: true });
      expect(await mustRun(run, 'bundle verify')).toContain(`/${OTHER}\n`);
    }));

  test('--json gives the report, and the folder it is about', () =>
    withRuns([ID], async (run) => {
      await mustRun(run, 'bundle seal');
      expect(JSON.parse(await mustRun(run, 'bundle verify --json'))).toMatchObject({
        dir: `.agent_bench/baselines/${ID}`,
        ok: true,
        form: 'tracecore',
        run_id: ID,
        signature: { status: 'none', kind: null, signers: [] },
        checks: { length: 13 },
        extra: [],
      });
    }));

  test('a signature counts under a key of trust, of --trust or of --key, and else fails the bundle', () =>
    withRuns([ID], async (run, dir) => {
      await mustRun(run, 'keys generate --out lab.key');
      const id = await keyId(run, 'lab.key.pub');
      await mustRun(run, 'bundle seal --sign --key lab.key');
      const untrusted = await run('bundle verify');
      expect(untrusted.code).toBe(1);
      expect(untrusted.stdout).toContain(`${LINES}signature: FAIL SIGNATURE_UNTRUSTED `);
      expect(untrusted.stdout).toContain(`signed by: ${id} untrusted\n`);
      expect(await mustRun(run, 'bundle verify --key lab.key.pub')).toContain('signature: OK\n');
      await mkdir(join(dir, 'known'));
      await cp(join(dir, 'lab.key.pub'), join(dir, 'known', 'lab.pub'));
      expect(await mustRun(run, 'bundle verify --trust known')).toContain(`${id} trusted (known/lab.pub)\n`);
      await cp(join(dir, 'known'), join(dir, 'trust'), { recursive: true });
      expect(await mustRun(run, 'bundle verify --require-signature')).toContain(`${id} trusted (trust/lab.pub)\n`);
      await mkdir(join(dir, 'nobody'));
      expect((await run('bundle verify --trust nobody')).code).toBe(1);
      await writeFile(join(dir, 'trust', 'note.txt'), 'hello');
      const noted = await run('bundle verify');
      expect([noted.code, noted.stderr]).toEqual([
        0,
        expect.stringMatching(/^tracecore: not a trusted key: .*note\.txt/),
      ]);
    }));

  test('a trust folder that came in the bundle does not count', () =>
    withRuns([ID], async (run, dir) => {
      await mustRun(run, 'keys generate --out lab.key');
      await mustRun(run, 'bundle seal --sign --key lab.key');
      const bundle = join(dir, '.agent_bench', 'baselines', ID);
      await mkdir(join(bundle, 'trust'));
      await cp(join(dir, 'lab.key.pub'), join(bundle, 'trust', 'lab.pub'));
      await writeFile(join(bundle, 'tracecore.toml'), '');
      for (const cwd of [bundle, join(bundle, 'trust')]) {
        const { code, stdout, stderr } = await run(`bundle verify ${bundle}`, cwd);
        expect([code, stdout]).toEqual([1, expect.stringContaining('signature: FAIL SIGNATURE_UNTRUSTED ')]);
        expect(stderr).toContain('the trust folder lies inside the bundle, so it does not count');
      }
    }));

  test('what is beside the files of a bundle is said to be unchecked', () =>
    withRuns([ID], async (run, dir) => {
      await mustRun(run, 'bundle seal');
      await writeFile(join(dir, '.agent_bench', 'baselines', ID, 'README\u001b[2J'), '');
      expect(await mustRun(run, 'bundle verify')).toContain('not checked: README\\u001b[2J\n');
    }));

  test.each<[string, string, RegExp, number]>([
    ['an unknown id', 'bundle verify 999999', /there is no bundle of a run 999999 in \.agent_bench\/baselines; /, 2],
    ['an unknown path', 'bundle verify ./gone', /there is no bundle at \.\/gone; give its folder, or/, 2],
    [
      'a prefix of two bundles',
      'bundle verify abcdef',
      /abcdef begins the ids of 2 bundles: abcdef01+, abcdef02+\n/,
      2,
    ],
    ['a folder that is no bundle', 'bundle verify .agent_bench', /\.agent_bench is no bundle: it has no manifest/, 2],
    [
      'a file',
      `bundle verify .agent_bench/runs/${ID}.json`,
      /expected a bundle's folder at .*found a file or a link/,
      2,
    ],
    ['a link to a bundle', 'bundle verify link', /expected a bundle's folder at .*found a file or a link/, 2],
    [
      'a private key to trust',
      `bundle verify ${ID} --key lab.key`,
      /expected a public key in .*found a private one/,
      2,
    ],
    ['no key to trust', `bundle verify ${ID} --key gone.pub`, /expected a key at .*gone\.pub, found none/, 2],
    ['no folder to trust', `bundle verify ${ID} --trust gone`, /--trust: there is no gone; give a folder/, 2],
    ['two bundles', 'bundle verify a b', /bundle verify takes no argument "b"/, 2],
    ['sign: a folder that is no bundle', 'bundle sign . --key lab.key', /is no bundle: it has no manifest/, 2],
    ['sign: no key', `bundle sign ${ID}`, /bundle sign needs --key FILE, a private key/, 2],
    ['sign: no bundle', 'bundle sign --key lab.key', /bundle sign needs a bundle: its folder, or the id of its run/, 2],
    ['sign: a public key', `bundle sign ${ID} --key lab.key.pub`, /expected a private key in .*found a public one/, 2],
  ])('%s is one sentence', (_, argv, message, expected) =>
    withRuns([ID, OTHER], async (run, dir) => {
      await mustRun(run, 'keys generate --out lab.key');
      await mustRun(run, `bundle seal --run ${ID}`);
      await mustRun(run, `bundle seal --run ${OTHER}`);
      await symlink(join('.agent_bench', 'baselines', ID), join(dir, 'link'), 'dir');
      const { code, stdout, stderr } = await run(argv);
      expect([code, stdout, stderr]).toEqual([expected, '', expect.stringMatching(/^tracecore: [^\n]+\n$/)]);
      expect(stderr).toMatch(message);
    }),
  );

  test('where no bundle is yet it says how to make one', () =>
    withRuns([ID], async (run) => {
      const { code, stderr } = await run('bundle verify');
      expect([code, stderr]).toEqual([
        2,
        'tracecore: there is no bundle in .agent_bench/baselines yet; make one with: tracecore bundle seal\n',
      ]);
    }));
});

describe('bundle sign', () => {
  test('adds a signature of each key once', () =>
    withRuns([ID], async (run) => {
      await mustRun(run, 'bundle seal');
      for (const name of ['a', 'b']) {
        await mustRun(run, `keys generate --out ${name}.key`);
        expect(await mustRun(run, `bundle sign ${ID} --key ${name}.key`)).toBe(
          `bundle     .agent_bench/baselines/${ID}\nsigned by  ${await keyId(run, `${name}.key`)}\n`,
        );
      }
      expect(await mustRun(run, `bundle sign ${ID} --key a.key`)).toContain(' (it had signed already)\n');
      const stdout = await mustRun(run, `bundle verify ${ID} --key b.key.pub`);
      expect(stdout).toContain(`signed by: ${await keyId(run, 'a.key')} untrusted\n`);
      expect(stdout).toContain(`signed by: ${await keyId(run, 'b.key')} trusted (b.key.pub)\n`);
    }));

  test('does not sign what does not verify: exit 1', () =>
    withRuns([ID], async (run, dir) => {
      await mustRun(run, 'bundle seal');
      await mustRun(run, 'keys generate --out lab.key');
      await writeFile(join(dir, '.agent_bench', 'baselines', ID, 'validator.json'), '{}');
      const { code, stderr } = await run(`bundle sign ${ID} --key lab.key`);
      expect([code, stderr]).toEqual([1, expect.stringMatching(/found DIGEST_MISMATCH: validator\.json/)]);
    }));
});

describe('bundle status', () => {
  test('lists each bundle with its state and signature; a damaged one is exit 1', () =>
    withRuns([ID, OTHER], async (run, dir) => {
      expect(await mustRun(run, 'bundle status')).toBe(
        'there is no bundle in .agent_bench/baselines yet; make one with: tracecore bundle seal\n',
      );
      await mustRun(run, `bundle seal --run ${ID}`);
      await mustRun(run, 'keys generate --out lab.key');
      await mustRun(run, `bundle seal --run ${OTHER} --sign --key lab.key`);
      const stdout = await mustRun(run, 'bundle status');
      expect(stdout).toMatch(new RegExp(`^${ID}  complete  none$`, 'm'));
      expect(stdout).toMatch(new RegExp(`^${OTHER}  complete  untrusted$`, 'm'));
      expect(await mustRun(run, 'bundle status --limit 1')).toContain('1 more is not shown\n');
      const bundles = join(dir, '.agent_bench', 'baselines');
      await writeFile(join(bundles, ID, 'validator.json'), '{}');
      await mkdir(join(bundles, `.${ID}.00000000-0000-0000-0000-000000000000.tmp`));
      await mkdir(join(bundles, 'notes'));
      const { code, stdout: later } = await run('bundle status');
      expect(code).toBe(1);
      expect(later).toMatch(new RegExp(`^${ID}  damaged   none +DIGEST_MISMATCH validator\\.json`, 'm'));
      expect(later).toMatch(/^\.abcdef0.*\.tmp: a seal that is under way or was killed/m);
      expect(later).toMatch(/^notes: no bundle of this folder/m);
      const json = JSON.parse((await run('bundle status --json --limit 2')).stdout) as { bundles: object[] };
      expect(json).toMatchObject({ left_out: 0, foreign: ['notes'], unfinished: { length: 1 } });
      expect(json.bundles).toContainEqual(
        expect.objectContaining({ dir: `.agent_bench/baselines/${OTHER}`, state: 'complete' }),
      );
    }));

  test('--limit must be a count', () =>
    withRuns([], async (run) => {
      const { code, stderr } = await run('bundle status --limit -1');
      expect([code, stderr]).toEqual([2, 'tracecore: --limit must be a whole number of bundles, got "-1"\n']);
    }));
});
