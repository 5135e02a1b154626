import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Artifact } from '@tracecore/spec';
import { type Finished, tracecore } from './tracecore.js';

export const PAIRING = ['run', 'pairing', 'log_stream_monitor', '--seed', '7'];
export const SOLVER = 'agents/log_stream_monitor_agent.ts';

/** Polls the first page twice, then does as the solver does: it wins with one step more. */
export const WASTEFUL_AGENT = `
const CODE = /^CRITICAL .*STREAM_CODE=(\\S+)/;
export default { act({ step, last_action_result: result }) {
  if (step <= 2) return { type: 'poll_stream', args: { cursor: 0 } };
  for (const entry of result?.entries ?? []) {
    const code = CODE.exec(String(entry))?.[1];
    if (code) return { type: 'set_output', args: { key: 'STREAM_CODE', value: code } };
  }
  return { type: 'poll_stream', args: { cursor: result?.next_cursor ?? 0 } };
} };
`;

/** Runs with --json and hands over the artifact that stdout holds, whatever the exit code. */
export function artifactOf({ stdout }: Finished): Artifact {
  return JSON.parse(stdout) as Artifact;
}

/** A run of the pairing; its id. */
export function runPairing(cwd: string): string {
  return artifactOf(tracecore([...PAIRING, '--json'], { cwd })).run_id;
}

/** The ids in a folder of `.agent_bench`, sorted; none where there is no folder. */
export async function idsIn(cwd: string, folder: 'runs' | 'baselines'): Promise<string[]> {
  const names = await readdir(join(cwd, '.agent_bench', folder)).catch(() => [] as string[]);
  return names.map((name) => name.replace(/\.json$/, '')).sort();
}

export async function readRun(cwd: string, id: string): Promise<Artifact> {
  return JSON.parse(await readFile(join(cwd, '.agent_bench', 'runs', `${id}.json`), 'utf8')) as Artifact;
}

/** A file of the repository, by its path from the root. */
export const fromRoot = (path: string) => fileURLToPath(new URL(`../../../../${path}`, import.meta.url));
