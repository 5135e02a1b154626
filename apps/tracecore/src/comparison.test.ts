import { execFileSync, spawnSync } from 'node:child_process';
import { cp, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Artifact } from '@tracecore/spec';
import { expect, test } from 'vitest';
import { filesIn, tracecore, withFolder } from './testing/tracecore.js';

/** Plays a pairing and hands over the id of the run. */
function play(cwd: string, seed: number): string {
  const { stdout } = tracecore(['run', 'pairing', 'log_stream_monitor', '--seed', String(seed), '--json'], { cwd });
  return (JSON.parse(stdout) as Artifact).run_id;
}

test('a comparison is written with what it compares, and a stranger gets the same from it', (ctx) =>
  withFolder(async (cwd) => {
    const [first, other] = [play(cwd, 7), play(cwd, 8)];
    const written = tracecore(['diff', first, other, '--format', 'text', '--bundle', 'out/comparison'], { cwd });
    expect(written).toMatchObject({ code: 1, stderr: '' });
    expect(written.stdout).toMatch(/\ncomparison: out\/comparison sha256:[0-9a-f]{64}\n$/);
    const dir = join(cwd, 'out', 'comparison');
    expect((await readdir(dir)).sort()).toEqual([
      'artifact-1.json',
      'artifact-2.json',
      'comparison.json',
      'integrity.sha256',
    ]);
    const run = join(cwd, '.agent_bench', 'runs', `${first}.json`);
    expect(await readFile(join(dir, 'artifact-1.json'))).toEqual(await readFile(run));

    const again = tracecore(['diff', first, other, '--json', '--bundle', 'again'], { cwd });
    expect(again.stderr).toBe(
      written.stdout.slice(written.stdout.indexOf('comparison: ')).replace('out/comparison', 'again'),
    );
    expect(JSON.parse(again.stdout)).toMatchObject({ status: 'different', baseline: { run_id: first } });

    await withFolder(async (elsewhere) => {
      await cp(dir, join(elsewhere, 'received'), { recursive: true });
      const received = { cwd: join(elsewhere, 'received') };
      const there = tracecore(['diff', 'artifact-1.json', 'artifact-2.json', '--json'], received);
      expect(there.stdout).toBe(await readFile(join(dir, 'comparison.json'), 'utf8'));
      if (spawnSync('sha256sum', ['--version']).error) ctx.skip('no sha256sum on this machine');
      const said = execFileSync('sha256sum', ['--strict', '-c', 'integrity.sha256'], { ...received, encoding: 'utf8' });
      expect(said).toBe('comparison.json: OK\nartifact-1.json: OK\nartifact-2.json: OK\n');
    });
  }));

test('a folder that is there is refused, and nothing is written or printed', () =>
  withFolder(async (cwd) => {
    const first = play(cwd, 7);
    const before = await filesIn(cwd);
    const { code, stdout, stderr } = tracecore(['diff', first, first, '--bundle', '.agent_bench'], { cwd });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^tracecore: expected nothing at \S*\.agent_bench, found something; choose another name\n$/);
    expect(await filesIn(cwd)).toEqual(before);
  }));

test('baseline --compare says what diff says, also of bundles', () =>
  withFolder(async (cwd) => {
    const [first, other] = [play(cwd, 7), play(cwd, 8)];
    expect(tracecore(['bundle', 'seal', '--run', first], { cwd }).code).toBe(0);
    for (const format of ['pretty', 'text', 'json']) {
      const options = ['--format', format];
      const compared = tracecore(['baseline', '--compare', first, other, ...options], { cwd });
      expect(compared).toEqual(tracecore(['diff', first, other, ...options], { cwd }));
      expect([format, compared.code]).toEqual([format, 1]);
    }
    const bundle = `.agent_bench/baselines/${first}`;
    const same = tracecore(['baseline', bundle, first, '--compare', '--format', 'text'], { cwd });
    expect(same.code).toBe(0);
    expect(same.stdout).toContain(`A: ${bundle}/artifact.json\n`);
    await withFolder(async (elsewhere) => {
      await cp(join(cwd, bundle), join(elsewhere, bundle), { recursive: true });
      const byId = tracecore(['diff', first.slice(0, 8), `${bundle}/artifact.json`], { cwd: elsewhere });
      expect(byId.code).toBe(0);
    });
  }));

test.each<[string[], RegExp]>([
  [['baseline'], /^tracecore: there is no run in .* yet; make one with: tracecore run pairing log_stream_monitor\n$/],
  [['baseline', '--compare', 'a.json'], /^tracecore: baseline --compare takes two runs, files or bundles, got 1\n$/],
  [['baseline', '--compare', 'abcdef', 'abcdef'], /^tracecore: expected a run with the id abcdef/],
  [['baseline', '--compare', '.', '.'], /^tracecore: no file at .*artifact\.json\n$/],
])('%j is one sentence, exit 2', (argv, message) =>
  withFolder(async (cwd) => {
    const { code, stdout, stderr } = tracecore(argv, { cwd });
    expect([code, stdout, stderr]).toEqual([2, '', expect.stringMatching(message)]);
  }),
);
