import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { NO_MACHINE } from '@tracecore/sandbox/confine';
import { FOLDER_PREFIX } from '@tracecore/sandbox/process';
import { expect, test } from 'vitest';
import { processesWith } from '../testing/processes.js';

const entry = fileURLToPath(new URL('../../dist/worker-main.js', import.meta.url));
const noShell = process.platform === 'win32' && ' (there is no shell here)';

test.skipIf(noShell)(
  `a worker that nobody listens to any more ends what it has just started${noShell || ''}`,
  async () => {
    const marker = `tracecore-unheard-${process.pid}`;
    const worker = spawn(process.execPath, ['--no-warnings', entry], { stdio: ['pipe', 'pipe', 'ignore'] });
    const ended = new Promise((resolve) => worker.once('exit', resolve));
    worker.stdin.on('error', () => undefined);
    worker.stdin.write(`${JSON.stringify({ machine: NO_MACHINE, confinement: 'bare', watchdog: false })}\n`);
    await new Promise((resolve) => createInterface({ input: worker.stdout }).once('line', resolve));
    // As when its parent is killed between the start of a program and the word of it.
    worker.stdout.destroy();
    await new Promise((resolve) => worker.stdout.once('close', resolve));
    const command = {
      name: 'unheard',
      argv: ['/bin/sh', '-c', 'while :; do sleep 1; done', marker],
      env: {},
      files: {},
      engine: { name: 'test', version: '0', digest: null },
      clock: 'none',
      startsOnItsOwn: true,
      confines: { reads: [], hides: [], processes: true },
    };
    const limits = { memoryBytes: 1, stackBytes: 1, fuelPerCall: 1, callDeadlineMs: 1_000, messageChars: 1 };
    worker.stdin.write(
      `${JSON.stringify({ id: 1, job: { agent: { command }, task: { command }, limits }, bundles: [], drop: [] })}\n`,
    );
    await ended;
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith(`${FOLDER_PREFIX}${worker.pid}-`))).toEqual([]);
    await expect.poll(() => processesWith(marker)).toEqual([]);
  },
);
