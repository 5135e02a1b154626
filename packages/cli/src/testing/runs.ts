import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Artifact } from '@tracecore/spec';
import type { Deps, Loaders } from '../deps.js';
import { anArtifact } from './artifact.js';
import { type Recorded, runCli, withFolder } from './fake-deps.js';

/** A hash of the right form that stands for a name. */
export const hashOf = (name: string) => `sha256:${Buffer.from(name).toString('hex').padEnd(64, '0').slice(0, 64)}`;

/** A run to be stored: what differs from the usual one. Its place in the list is its age, the last being the newest. */
export type StoredFields = Partial<Artifact>;

/** So many runs with the seeds from `from` on, of which the first ones succeed. */
export function runsOf(n: number, successes: number, fields: StoredFields = {}, from = 0): StoredFields[] {
  return Array.from({ length: n }, (_, at) => {
    const success = at < successes;
    const end = success
      ? { success, termination_reason: 'success' as const, failure_type: null }
      : { success, termination_reason: 'steps_exhausted' as const, failure_type: 'budget_exhausted' as const };
    const { agent_ref = 'agents/demo.ts', task_ref = 'demo@1' } = fields;
    const artifact_hash = hashOf(`${agent_ref} ${task_ref} ${from + at} ${success}`.slice(-30));
    return { agent_hash: hashOf('one'), artifact_hash, seed: from + at, ...end, ...fields };
  });
}

export interface RunFolder {
  cwd: string;
  /** Puts further runs there, newer than those there are. */
  add(runs: readonly StoredFields[]): Promise<string[]>;
  cli(...argv: string[]): Promise<Recorded>;
  /** The same, with stdout read as JSON. */
  json<T = Record<string, unknown>>(...argv: string[]): Promise<{ code: number; report: T }>;
  read(path: string): Promise<string>;
}

/** A workspace with these runs in its folder, whose hashes are made up. */
export function withRuns(runs: readonly StoredFields[], body: (folder: RunFolder) => Promise<void>): Promise<void> {
  return withFolder(async (cwd) => {
    let stored = 0;
    await mkdir(join(cwd, '.agent_bench', 'runs'), { recursive: true });
    const add = async (more: readonly StoredFields[]) => {
      const ids: string[] = [];
      for (const fields of more) {
        stored += 1;
        const run_id = stored.toString(16).padStart(32, 'a');
        const started_at = new Date(Date.UTC(2026, 0, 1) + stored * 60_000).toISOString();
        const run = anArtifact({ run_id, started_at, completed_at: started_at, ...fields });
        await writeFile(join(cwd, '.agent_bench', 'runs', `${run_id}.json`), JSON.stringify(run));
        ids.push(run_id);
      }
      return ids;
    };
    const load = {
      store: () => import('@tracecore/store'),
      runIndex: () => import('@tracecore/store/run-index'),
      artifact: () => import('@tracecore/artifact/node'),
      bundle: () => import('@tracecore/bundle'),
    } as unknown as Loaders;
    const cli = (...argv: string[]) => runCli(argv, { io: { cwd }, deps: { load } satisfies Partial<Deps> });
    await add(runs);
    await body({
      cwd,
      add,
      cli,
      json: async (...argv) => {
        const { code, stdout, stderr } = await cli(...argv, '--format', 'json');
        if (stdout === '') throw new Error(stderr);
        return { code, report: JSON.parse(stdout) };
      },
      read: (path) => readFile(join(cwd, path), 'utf8'),
    });
  });
}
