import { join } from 'node:path';
import type { Deps } from '../deps.js';
import { CliError } from '../error.js';
import type { Workspace } from '../workspace.js';

export interface BatchRuns {
  /** The runs that decide its jobs. */
  runs: Set<string>;
  /** Jobs that the machinery failed: they are no episodes, and count for and against nobody. */
  infrastructure: number;
}

/**
 * What the journal of a batch names. The last line of a job decides; a last line that was cut off is passed over.
 * @throws {CliError} USAGE when there is no such batch.
 */
export async function batchRuns({ load }: Deps, { home }: Workspace, id: string): Promise<BatchRuns> {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(id)) {
    throw new CliError(
      'USAGE',
      `--batch takes the id of a batch: letters, digits, dots, hyphens and underscores, got "${id}"`,
    );
  }
  const file = join(home, 'batches', id, 'journal.jsonl');
  const { readTextFile } = await load.artifact();
  const text = await readTextFile(file).catch((error: unknown) => {
    if ((error as { code?: unknown }).code !== 'FILE_NOT_FOUND') throw error;
    throw new CliError('USAGE', `there is no batch ${id}: ${file} is missing`);
  });
  const last = new Map<string, Record<string, unknown>>();
  const written = text.split('\n');
  for (const [at, line] of written.entries()) {
    const entry = parseLine(line);
    if (entry !== null) last.set(String(entry.job), entry);
    else if (at < written.length - 1) {
      throw new CliError('CHECK_FAILED', `${file}: line ${at + 1} is no line of a batch's journal`);
    }
  }
  const lines = [...last.values()];
  return {
    runs: new Set(lines.filter(({ outcome }) => outcome === 'artifact').map(({ run_id }) => String(run_id))),
    infrastructure: lines.filter(({ outcome }) => outcome === 'infrastructure').length,
  };
}

function parseLine(line: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(line);
    const isLine = typeof value === 'object' && value !== null && 'job' in value && 'outcome' in value;
    return isLine ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
