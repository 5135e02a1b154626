import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { hashArtifact } from '@tracecore/artifact';
import { sha256 } from '@tracecore/artifact/node';
import type { Artifact } from '@tracecore/spec';
import { expect, test } from 'vitest';
import { filesIn, IDLE_AGENT, onlyRun, tracecore, withFolder } from './testing/tracecore.js';

/** Runs commands in a folder; each must end with `code`. */
function shell(cwd: string) {
  return (words: string, code = 0): string => {
    const done = tracecore(words.split(' '), { cwd });
    expect([words, done.code, done.stderr]).toEqual([words, code, '']);
    return done.stdout;
  };
}

/** A folder with a key that is trusted there, and a run. */
async function withRun(run: string, body: ($: ReturnType<typeof shell>, cwd: string, id: string) => Promise<void>) {
  await withFolder(async (cwd) => {
    const $ = shell(cwd);
    $('keys generate --out lab.key');
    await mkdir(join(cwd, 'trust'));
    await cp(join(cwd, 'lab.key.pub'), join(cwd, 'trust', 'lab.pub'));
    await writeFile(join(cwd, 'idle_agent.ts'), IDLE_AGENT);
    tracecore(run.split(' '), { cwd });
    await body($, cwd, basename(await onlyRun(cwd), '.json'));
  });
}

test('an agent is certified, published as plain files, and proven to somebody who has nothing but the key', () =>
  withRun('run pairing log_stream_monitor --seed 7', async ($, cwd, id) => {
    $('bundle seal --sign --key lab.key');
    $('keys generate --out log.key');
    $(`ledger publish --bundle ${id} --key log.key --origin example.org/agents --suite operations`);
    expect($('ledger --key log.key.pub')).toMatch(/^0 .* operations +log_stream_monitor@1 100 % /m);
    expect($(`ledger verify --bundle ${id} --key log.key.pub`)).toContain('bundle: OK\nentry: OK\ninclusion: OK\n');
    $('ledger prove 0 --out proof.json --key log.key.pub');
    await withFolder(async (elsewhere) => {
      const there = shell(elsewhere);
      await cp(join(cwd, 'log.key.pub'), join(elsewhere, 'log.pub'));
      await cp(join(cwd, 'proof.json'), join(elsewhere, 'proof.json'));
      await cp(join(cwd, '.agent_bench', 'ledger'), join(elsewhere, 'mirror'), { recursive: true });
      const before = await filesIn(elsewhere);
      expect(there('ledger verify --proof proof.json --key log.pub')).toContain('inclusion: OK\n');
      expect(there('ledger verify --dir mirror --key log.pub')).toContain('registry: OK\n');
      const entries = join(elsewhere, 'mirror', 'tile', 'entries', '000.p', '1');
      const text = await readFile(entries, 'latin1');
      await writeFile(entries, text.replace('"success_rate":1', '"success_rate":0'), 'latin1');
      expect(there('ledger verify --dir mirror --key log.pub', 1)).toMatch(/^entries: FAIL LEDGER_ENTRY_MISMATCH /m);
      expect(await filesIn(elsewhere)).toEqual(before);
    });
  }));

test('a run whose score is derived here goes on the leaderboard, and submitting it again changes nothing', () =>
  withRun('run pairing log_stream_monitor --seed 7', async ($, cwd, id) => {
    $('bundle seal --sign --key lab.key');
    $(`leaderboard submit --bundle ${id}`);
    const record = join(cwd, '.agent_bench', 'leaderboard', `${id}.json`);
    const before = await readFile(record, 'utf8');
    expect($(`leaderboard submit --bundle ${id}`)).toContain('it was there already');
    expect(await readFile(record, 'utf8')).toBe(before);
    expect($('leaderboard')).toMatch(/^1 +agents\/log_stream_monitor_agent\.ts +100 % /m);
    expect($(`leaderboard show ${id.slice(0, 8)}`)).toContain(`run         ${id}\n`);
  }));

const FORGED_OUTCOME = {
  success: true,
  termination_reason: 'success',
  failure_type: null,
  failure_reason: null,
  validator: { ok: true, message: 'alert found' },
};

test.each<[string, (artifact: Artifact) => void, RegExp]>([
  ['its verdict', () => undefined, /it disagrees after its last step; re-derivation SCORE_DIFFERS: \/\w+/],
  [
    'its last step',
    ({ action_trace }) => Object.assign(action_trace.at(-1)?.result as object, { entries: ['the alert'] }),
    /it disagrees at step 30; re-derivation SCORE_DIFFERS: \/action_trace\/29\/result\/entries/,
  ],
])('a success that was forged in %s, hashed and signed by a trusted key, is refused', (_, forge, message) =>
  withRun('run --agent idle_agent.ts --task log_stream_monitor@1 --seed 7', async ($, cwd, id) => {
    const file = join(cwd, '.agent_bench', 'runs', `${id}.json`);
    const artifact = JSON.parse(await readFile(file, 'utf8')) as Artifact;
    expect(artifact.success).toBe(false);
    // The idle run counts one step more than it has in its trace; a forger has to make that add up too.
    const used = { steps_used: artifact.action_trace.length, tool_calls_used: artifact.action_trace.length };
    Object.assign(artifact, FORGED_OUTCOME, used, { metrics: used });
    forge(artifact);
    await writeFile(file, JSON.stringify({ ...artifact, artifact_hash: hashArtifact(artifact, sha256) }));
    $('bundle seal --sign --key lab.key');
    expect($(`bundle verify ${id} --require-signature`)).toContain('signature: OK\n');
    const { code, stdout, stderr } = tracecore(['leaderboard', 'submit', '--bundle', id], { cwd });
    expect([code, stdout, stderr]).toEqual([1, '', expect.stringMatching(message)]);
    expect((await filesIn(cwd)).filter((name) => name.includes('leaderboard'))).toEqual([]);
  }),
);

test('a run of a task that is not known here is refused, and taken once its folder is named', () =>
  withFolder(async (cwd) => {
    const $ = shell(cwd);
    $('new-task find_parcel --output-dir made');
    $('new-agent find_parcel');
    $('keys generate --out lab.key');
    $('run --agent agents/find_parcel_agent.ts --task made/find_parcel --seed 1');
    $('bundle seal --sign --key lab.key');
    const id = basename(await onlyRun(cwd), '.json');
    const submit = `leaderboard submit --bundle ${id} --key lab.key.pub`;
    const { code, stderr } = tracecore(submit.split(' '), { cwd });
    expect([code, stderr]).toEqual([1, expect.stringContaining('is not taken; re-derivation TASK_NOT_FOUND')]);
    expect($(`${submit} --task made/find_parcel`)).toContain('outcome  success');
  }));
