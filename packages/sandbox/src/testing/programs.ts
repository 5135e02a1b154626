import { readdirSync, readFileSync } from 'node:fs';
import type { ProcessCommand } from '../process/command.js';

/** What every scripted program starts with: it answers `initialize`, and hands any other request to `on`. */
const PRELUDE = `
const write = (text) => process.stdout.write(text);
const send = (message) => write(JSON.stringify({ jsonrpc: '2.0', ...message }) + '\\n');
const answer = (id, result) => send({ id, result });
let on = ({ id }) => answer(id, null);
let waiting = new Map();
const call = (method, params) => new Promise((resolve) => {
  const id = 'c' + waiting.size;
  waiting.set(id, resolve);
  send({ id, method: 'call', params: { method, params } });
});
require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const message = JSON.parse(line);
  if (!message.method) return waiting.get(message.id)(message);
  if (message.method === 'initialize') answer(message.id, { protocol: 'tracecore-agent-protocol-v1' });
  else on(message);
});
`;

/** A program in Node that runs `script` after the prelude. */
export function scripted(script: string, given: Partial<ProcessCommand> = {}): ProcessCommand {
  return commandOf([process.execPath, 'program.cjs'], { files: { 'program.cjs': `${PRELUDE}\n${script}` }, ...given });
}

export function commandOf(argv: ProcessCommand['argv'], given: Partial<ProcessCommand> = {}): ProcessCommand {
  return {
    name: 'agents/test',
    argv,
    env: {},
    files: {},
    engine: { name: 'test', version: '0', digest: null },
    clock: 'none',
    startsOnItsOwn: false,
    confines: { reads: [process.execPath], hides: [], processes: false },
    ...given,
  };
}

/** Process ids of whatever has `marker` in its command line, zombies left out. */
export function processesWith(marker: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== process.pid && read(`/proc/${pid}/cmdline`).includes(marker) && isAlive(pid));
}

export function isAlive(pid: number): boolean {
  const status = read(`/proc/${pid}/status`);
  return status !== '' && !status.includes('State:\tZ');
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
