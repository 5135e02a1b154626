import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nodeFiles } from '../files.js';
import { generateKeyPair, type SigningKey } from '../keys.js';
import { interruptedFiles } from '../testing/interrupted-files.mjs';
import { edit, filesBelow, grow, ORIGIN, sizeOf, someEntries } from '../testing/logs.js';
import { temporaryFolder } from '../testing/samples.js';
import { writeKeyPair } from '../write-key-pair.js';
import { appendEntries } from './append-entries.js';

const BUILT = new URL('../../dist/', import.meta.url).href;
const STEPS = new URL('../testing/interrupted-files.mjs', import.meta.url).href;
const BEFORE = 250;
const ADDED = 20;
const AT_ONCE = 4;

/** A log of some entries that every test begins with; the entries added fill a tile and begin the next. */
let outside: string;
let key: SigningKey;
beforeAll(async () => {
  outside = mkdtempSync(join(tmpdir(), 'tracecore-logs-'));
  key = generateKeyPair();
  await writeKeyPair(join(outside, 'key.pem'), key);
  await grow(join(outside, 'ledger'), key, BEFORE);
});
afterAll(() => rmSync(outside, { recursive: true, force: true }));

/** What a log of the same entries is when nothing went wrong. */
async function expected(): Promise<Record<string, string>> {
  const dir = startedLog();
  await appendEntries({ dir, entries: someEntries(ADDED, BEFORE), signingKey: key });
  return filesBelow(dir);
}

function startedLog(): string {
  const dir = join(temporaryFolder(), 'ledger');
  cpSync(join(outside, 'ledger'), dir, { recursive: true });
  return dir;
}

describe('an append that is killed', () => {
  test('at any step leaves the log as it was or the longer one, and the next append clears up', async () => {
    const whole = await expected();
    const sizes: number[] = [];
    let last = 0;
    const one = async (step: number) => {
      const dir = startedLog();
      const { signal } = await inChild(dir, step);
      if (signal !== 'SIGKILL') return false;
      last = Math.max(last, step);
      const size = await sizeOf(dir, key);
      expect([BEFORE, BEFORE + ADDED], `step ${step}`).toContain(size);
      sizes[step] = size;
      // Other entries than those of the killed append, so that what it wrote cannot pass for them.
      const other = size === BEFORE ? someEntries(ADDED, BEFORE) : someEntries(1, 9000);
      await appendEntries({ dir, entries: other, signingKey: key });
      expect(await sizeOf(dir, key), `step ${step}`).toBe(size + other.length);
      if (size === BEFORE) expect(await filesBelow(dir), `step ${step}`).toEqual(whole);
      const beside = readdirSync(join(dir, '..')).filter((name) => !/^\.ledger\..*\.tmp$/.test(name));
      expect(beside, `step ${step}`).toEqual(['ledger']);
      return true;
    };
    for (let first = 1, more = true; more; first += AT_ONCE) {
      const killed = await Promise.all(Array.from({ length: AT_ONCE }, (_, index) => one(first + index)));
      more = killed.every(Boolean);
    }
    // Lock, five files of five steps and more, checkpoint: the log is the old one first and the longer one at the end.
    expect(last).toBeGreaterThan(40);
    expect([sizes[1], sizes[last]]).toEqual([BEFORE, BEFORE + ADDED]);
  }, 240_000);

  test('with another batch after it leaves nothing of its own', async () => {
    const dir = startedLog();
    await inChild(dir, 30);
    const clean = startedLog();
    for (const each of [dir, clean]) await appendEntries({ dir: each, entries: someEntries(3, 9000), signingKey: key });
    expect(await filesBelow(dir)).toEqual(await filesBelow(clean));
  });
});

test('a first append that stops at any step, nothing of it undone, leaves no log or the whole one', async () => {
  const append = (dir: string, files = nodeFiles) =>
    appendEntries({ dir, entries: someEntries(ADDED), signingKey: key, origin: ORIGIN, files });
  const clean = join(temporaryFolder(), 'ledger');
  await append(clean);
  const whole = await filesBelow(clean);
  let step = 1;
  for (; ; step += 1) {
    const dir = join(temporaryFolder(), 'ledger');
    const ended = await append(dir, goneFrom(step)).catch((error: unknown) => error);
    if (!(ended instanceof Error)) break;
    const size = await sizeOf(dir, key).catch((error: { code: string }) => error.code);
    expect(['LEDGER_NOT_FOUND', ADDED], `step ${step}`).toContain(size);
    // The process that held the lock is this one, and it lives.
    rmSync(`${dir}.lock`, { recursive: true, force: true });
    if (size === 'LEDGER_NOT_FOUND') await append(dir);
    expect(await filesBelow(dir), `step ${step}`).toEqual(whole);
  }
  expect(step).toBeGreaterThan(25);
}, 180_000);

test('a disk that fills at any step of an append leaves the log as it was, or the longer one when only the last sync failed', async () => {
  const before = await filesBelow(join(outside, 'ledger'));
  let step = 1;
  let published = 0;
  for (; ; step += 1) {
    const dir = startedLog();
    const files = fullAt(step);
    const appending = appendEntries({ dir, entries: someEntries(ADDED, BEFORE), signingKey: key, files });
    const error = await appending.catch((caught: unknown) => caught);
    if (!(error instanceof Error)) break;
    expect(error, `step ${step}`).toMatchObject({
      code: 'LEDGER_UNWRITABLE',
      message: expect.stringContaining('no space left'),
    });
    expect(readdirSync(join(dir, '..')), `step ${step}`).toEqual(['ledger']);
    if ((await sizeOf(dir, key)) === BEFORE) expect(await filesBelow(dir), `step ${step}`).toEqual(before);
    else published += 1;
  }
  expect(step).toBeGreaterThan(40);
  expect(published).toBe(2);
}, 180_000);

test('two processes that append at once: each is in the log whole, or was told that it is not', async () => {
  const dir = startedLog();
  const ended = await Promise.all([inChild(dir, 0), inChild(dir, 0), inChild(dir, 0)]);
  expect(ended.map(({ code }) => code)).toEqual([0, 0, 0]);
  const outputs = ended.map(({ output }) => output);
  const through = outputs.filter((output) => output === 'appended').length;
  expect(through).toBeGreaterThan(0);
  expect(outputs.filter((output) => output !== 'appended').every((output) => output === 'LEDGER_BUSY')).toBe(true);
  expect(await sizeOf(dir, key)).toBe(BEFORE + through * ADDED);
  expect(readdirSync(join(dir, '..'))).toEqual(['ledger']);
}, 120_000);

test('the checkpoint of a log that was changed meanwhile is not replaced', async () => {
  const dir = startedLog();
  const appending = appendEntries({
    dir,
    entries: someEntries(1),
    signingKey: key,
    check: async () => {
      rmSync(join(dir, '..', 'ledger.lock'), { recursive: true });
      await appendEntries({ dir, entries: someEntries(2), signingKey: key });
    },
  });
  await expect(appending).rejects.toMatchObject({ code: 'LEDGER_BUSY', message: expect.stringContaining('changed') });
  expect(await sizeOf(dir, key)).toBe(BEFORE + 2);
});

test('the harness would notice a log that is torn', async () => {
  const dir = startedLog();
  edit(join(dir, 'checkpoint'), (bytes) => bytes.subarray(0, bytes.length >> 1));
  await expect(sizeOf(dir, key)).rejects.toMatchObject({ code: 'LEDGER_CHECKPOINT_INVALID' });
  expect(readFileSync(join(outside, 'ledger', 'checkpoint'), 'utf8')).toContain(ORIGIN);
});

function fullAt(at: number) {
  let steps = 0;
  return interruptedFiles(nodeFiles, () => {
    steps += 1;
    if (steps === at) throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
  });
}

/** A disk that does nothing more from a step on, clearing up included. */
function goneFrom(at: number) {
  let steps = 0;
  const strike = () => {
    steps += 1;
    if (steps >= at) throw Object.assign(new Error('EIO: the disk is gone'), { code: 'EIO' });
  };
  const files = interruptedFiles(nodeFiles, strike);
  return { ...files, remove: (path: string) => (steps >= at ? Promise.reject(new Error('gone')) : files.remove(path)) };
}

/** Appends in a process of its own, which kills itself at a step; it prints how that ended. */
function inChild(dir: string, killAt: number): Promise<{ code: number | null; signal: string | null; output: string }> {
  const script = `
    import { nodeFiles, readSigningKey } from ${JSON.stringify(`${BUILT}index.js`)};
    import { appendEntries } from ${JSON.stringify(`${BUILT}ledger.js`)};
    import { interruptedFiles } from ${JSON.stringify(STEPS)};
    const [dir, killAt, keyFile] = process.argv.slice(1);
    let steps = 0;
    const files = interruptedFiles(nodeFiles, () => {
      steps += 1;
      if (steps === Number(killAt)) process.kill(process.pid, 'SIGKILL');
    });
    const entries = Array.from({ length: ${ADDED} }, (_, index) => Buffer.from(JSON.stringify({ killed: index })));
    const appending = appendEntries({ dir, entries, signingKey: await readSigningKey(keyFile), files });
    process.stdout.write(await appending.then(() => 'appended', (error) => error.code ?? error.message));`;
  const args = ['--input-type=module', '-e', script, dir, String(killAt), join(outside, 'key.pem')];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk: { toString(): string }) => {
    output += chunk.toString();
  });
  return new Promise((resolve) => child.once('close', (code, signal) => resolve({ code, signal, output })));
}
