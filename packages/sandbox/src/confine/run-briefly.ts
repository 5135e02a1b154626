import { spawn } from 'node:child_process';

const TIMEOUT_MS = 3_000;
const MAX_OUTPUT_CHARS = 4_096;

export interface BriefRun {
  ok: boolean;
  /** What it wrote to standard output and error. */
  output: string;
  /** How it ended, as messages put it. */
  ended: string;
}

/** Runs a program that needs a moment, in no environment; `fds` are its file descriptors from 3 on. Never throws. */
export function runBriefly([program, ...args]: readonly [string, ...string[]], fds: number[] = []): Promise<BriefRun> {
  return new Promise((resolve) => {
    let output = '';
    const child = spawn(program, args, {
      cwd: '/',
      env: {},
      detached: true,
      timeout: TIMEOUT_MS,
      killSignal: 'SIGKILL',
      stdio: ['ignore', 'pipe', 'pipe', ...fds],
    });
    const keep = (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(0, MAX_OUTPUT_CHARS);
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    child.once('error', (error) => resolve({ ok: false, output, ended: `could not be started: ${error.message}` }));
    child.once('close', (code, signal) => {
      const ended = signal === null ? `exited with code ${code}` : `was ended by ${signal}`;
      resolve({ ok: code === 0, output, ended });
    });
  });
}
