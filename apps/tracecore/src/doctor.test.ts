import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { filesIn, tracecore, withFolder } from './testing/tracecore.js';

interface Report {
  confinement: { name: string; ok: boolean; found: string; fix: string | null }[];
  hosts: { host: string; programs: string; mechanism: string; level: string; held: Record<string, string> }[];
  minimum: { level: string; met: boolean };
}

const reportOf = (stdout: string) => JSON.parse(stdout) as Report;
const bubblewrapIn = ({ confinement }: Report) => confinement.find(({ name }) => name === 'bubblewrap');
const mechanismsIn = ({ hosts }: Report) => hosts.map(({ mechanism }) => mechanism);

/** Runs `body` in a folder whose config is `toml`, on a PATH whose first bwrap does not work. */
async function withoutBubblewrap(toml: string, body: (cwd: string, env: Record<string, string>) => Promise<void>) {
  await withFolder(async (cwd) => {
    const bin = join(cwd, 'bin');
    await mkdir(bin);
    await writeFile(join(bin, 'bwrap'), '#!/bin/sh\necho "bwrap: no such luck" >&2\nexit 1\n');
    await chmod(join(bin, 'bwrap'), 0o755);
    if (toml !== '') await writeFile(join(cwd, 'tracecore.toml'), toml);
    await body(cwd, { PATH: `${bin}:${process.env.PATH}` });
  });
}

const linux = describe.skipIf(process.platform !== 'linux');

describe('doctor', () => {
  test('prints what was found and what would hold, without colour, and writes nothing', () =>
    withFolder(async (cwd) => {
      const { code, stdout, stderr } = tracecore(['doctor'], { cwd, env: { FORCE_COLOR: '1' } });
      expect(stderr).toBe('');
      for (const title of ['machine', 'confinement', 'interpreters', 'what holds here', 'project']) {
        expect(stdout).toContain(`${title}\n`);
      }
      expect(stdout).toContain(process.version);
      expect(stdout).toMatch(/^ {2}hidden state +held /m);
      expect(stdout).not.toContain('\u001b');
      expect(code).toBe(/minimum +permissions: met$/m.test(stdout) ? 0 : 1);
      expect(await filesIn(cwd)).toEqual([]);
    }));

  test('--json prints the report alone, and the exit code says whether the minimum is met', () =>
    withFolder(async (cwd) => {
      const { code, stdout, stderr } = tracecore(['doctor', '--json'], { cwd });
      const { minimum, hosts } = reportOf(stdout);
      expect([stderr, minimum.level]).toEqual(['', 'permissions']);
      expect(code).toBe(minimum.met ? 0 : 1);
      expect(hosts.map(({ host }) => host)).toEqual(expect.arrayContaining(['isolate', 'process', 'inline']));
      expect(Object.keys(hosts[0]?.held ?? {})).toHaveLength(12);
    }));

  test('takes no argument and no other option: exit 2', () =>
    withFolder(async (cwd) => {
      expect(tracecore(['doctor', 'now'], { cwd })).toMatchObject({ code: 2, stdout: '' });
      expect(tracecore(['doctor', '--jsn'], { cwd }).stderr).toContain('did you mean --json?');
    }));

  test.each([
    ['minimum = "high"', 'isolation.minimum must be bare, permissions or contained, got "high"'],
    ['confinement = "jail"', 'isolation.confinement must be bare, node-permissions or bubblewrap, got "jail"'],
    ['read = 3', 'isolation.read must be a list of files and folders, without *, got 3'],
  ])('[isolation] %s is one sentence that names file and key, exit 2', (line, message) =>
    withFolder(async (cwd) => {
      await writeFile(join(cwd, 'tracecore.toml'), `[isolation]\n${line}\n`);
      const { code, stdout, stderr } = tracecore(['doctor'], { cwd });
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toBe(`tracecore: ${join(cwd, 'tracecore.toml')}: ${message}\n`);
    }),
  );
});

linux('doctor where bubblewrap works (needs Linux)', () => {
  test('every program is contained', (context) =>
    withFolder(async (cwd) => {
      await writeFile(join(cwd, 'tracecore.toml'), '[isolation]\nminimum = "contained"\n');
      const { code, stdout } = tracecore(['doctor', '--json'], { cwd });
      const report = reportOf(stdout);
      const found = bubblewrapIn(report);
      if (!found?.ok) context.skip(`bubblewrap does not work here: ${found?.found}`);
      expect(new Set(mechanismsIn(report))).toEqual(new Set(['wasm-in-bubblewrap', 'process-bubblewrap', 'none']));
      expect([code, report.minimum.met]).toEqual([0, true]);
    }));

  test('isolation.confinement bounds it, and is named as what is in the way', (context) =>
    withFolder(async (cwd) => {
      if (!bubblewrapIn(reportOf(tracecore(['doctor', '--json'], { cwd }).stdout))?.ok) {
        context.skip('bubblewrap does not work here');
      }
      const toml = '[isolation]\nminimum = "contained"\nconfinement = "node-permissions"\n';
      await writeFile(join(cwd, 'tracecore.toml'), toml);
      const { code, stdout } = tracecore(['doctor'], { cwd });
      expect(stdout).toContain('minimum           contained: not met: process (Node) is permissions');
      expect(stdout).toContain('to do: take isolation.confinement = "node-permissions" out of the config');
      expect(code).toBe(1);
    }));
});

linux('doctor where bubblewrap does not work (needs Linux)', () => {
  test('says what it said, and what holds without it; the default minimum is not met', () =>
    withoutBubblewrap('', async (cwd, env) => {
      const { code, stdout } = tracecore(['doctor', '--json'], { cwd, env });
      const report = reportOf(stdout);
      expect(bubblewrapIn(report)).toMatchObject({ ok: false, found: expect.stringContaining('no such luck') });
      expect(mechanismsIn(report)).toEqual(
        expect.arrayContaining(['wasm-in-node-permissions', 'process-node-permissions', 'process-bare', 'none']),
      );
      expect([code, report.minimum.met]).toEqual([1, false]);
    }));

  test('a project that takes bare processes is content', () =>
    withoutBubblewrap('[isolation]\nminimum = "bare"\n', async (cwd, env) => {
      expect(tracecore(['doctor'], { cwd, env })).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('minimum           bare: met\n'),
      });
    }));
});
