import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ArtifactError } from '@tracecore/artifact';
import {
  type FolderLock,
  lockHolder,
  readJsonFile,
  syncFolder,
  takeFolderLock,
  writeFileAtomic,
  writeFilesAtomic,
} from '@tracecore/artifact/node';
import { type AttemptLine, type BatchPlan, type Json, parseBatchPlan, SpecError } from '@tracecore/spec';
import { StoreError } from '../error.js';
import type { RunStore } from '../types.js';
import { JournalWriter, readJournal } from './journal.js';
import { listBatches, locateBatch, PLAN_FILE } from './locate-batch.js';
import { Recorder } from './recorder.js';
import type { BatchStore, OpenBatch, StoredBatch } from './types.js';

const JOURNAL = 'journal.jsonl';
const SUMMARY = 'summary.json';
const LOCK = 'lock';

interface Opening {
  plan: BatchPlan;
  lines: AttemptLine[];
  /** Where the journal's last whole line ends. */
  wholeBytes: number;
  notes: string[];
  isNew: boolean;
}

/**
 * Opens the batches in `root`, the `.agent_bench` folder, whose artifacts go to `runs`. Touches no disk: folders are made
 * by `create`.
 * @param cwd what the paths of folders that `read` is given are relative to.
 */
export function openBatches(root: string, runs: RunStore, cwd = process.cwd()): BatchStore {
  const folder = join(root, 'batches');

  async function create(plan: BatchPlan): Promise<OpenBatch> {
    const dir = join(folder, plan.batch_id);
    await writable(dir, () => mkdir(dir, { recursive: true }));
    return locked(dir, async () => {
      const text = `${JSON.stringify(plan, null, 2)}\n`;
      await writeFilesAtomic([
        { path: join(dir, PLAN_FILE), content: text },
        { path: join(dir, JOURNAL), content: '' },
      ]);
      for (const parent of [folder, root]) await writable(dir, () => syncFolder(parent));
      return { plan, lines: [], wholeBytes: 0, notes: [], isNew: true };
    });
  }

  async function open(ref: string): Promise<OpenBatch> {
    const dir = await locateBatch(folder, ref, null);
    return locked(dir, async () => {
      const plan = await readPlan(dir);
      const { lines, wholeBytes, tornBytes } = await readJournal(join(dir, JOURNAL), jobsOf(plan));
      const note = `the last line of ${join(dir, JOURNAL)} was torn (${tornBytes} bytes) and was cut off`;
      return { plan, lines, wholeBytes, notes: tornBytes > 0 ? [note] : [], isNew: false };
    });
  }

  async function locked(dir: string, prepare: () => Promise<Opening>): Promise<OpenBatch> {
    const lock = await takeLock(dir);
    try {
      const opening = await prepare();
      const journal = await writable(dir, () => JournalWriter.open(join(dir, JOURNAL), opening.wholeBytes));
      return openBatch(dir, opening, journal, lock);
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  function openBatch(dir: string, opening: Opening, journal: JournalWriter, lock: FolderLock): OpenBatch {
    const recorder = new Recorder({
      putArtifacts: runs.putAll,
      appendLines: (lines) => writable(dir, () => journal.append(lines)),
    });
    const { plan, lines, notes, isNew } = opening;
    return {
      ...{ dir, plan, lines, notes },
      record: (line, artifact) => recorder.record(line, artifact),
      // Nobody can have kept a run of a batch that is new.
      find: async (runId) => (isNew ? null : ((await runs.find(runId))?.artifact ?? null)),
      finish: (summary: Json) => writeFileAtomic(join(dir, SUMMARY), `${JSON.stringify(summary, null, 2)}\n`),
      async close() {
        await recorder.settle();
        await journal.close();
        await lock.release();
      },
    };
  }

  async function read(ref: string): Promise<StoredBatch> {
    const dir = await locateBatch(folder, ref, cwd);
    const plan = await readPlan(dir);
    const { lines } = await readJournal(join(dir, JOURNAL), jobsOf(plan));
    return { dir, plan, lines, holder: await lockHolder(join(dir, LOCK)) };
  }

  return { create, open, read, list: () => listBatches(folder) };
}

async function takeLock(dir: string): Promise<FolderLock> {
  const taken = await writable(dir, () => takeFolderLock(join(dir, LOCK)));
  if (!('holder' in taken)) return taken;
  throw new StoreError(
    'BATCH_BUSY',
    `expected nobody else to be working on the batch, found the lock of ${taken.holder}; wait for it, or end it and try again; if that process has ended, remove ${join(dir, LOCK)}`,
  );
}

async function readPlan(dir: string): Promise<BatchPlan> {
  const path = join(dir, PLAN_FILE);
  try {
    return parseBatchPlan((await readJsonFile(path)).value);
  } catch (error) {
    if (error instanceof ArtifactError && error.code === 'FILE_NOT_FOUND') {
      throw new StoreError('BATCH_NOT_FOUND', `no batch in ${dir}: ${error.message}`, { cause: error });
    }
    if (!(error instanceof ArtifactError || error instanceof SpecError)) throw error;
    const message = error instanceof SpecError ? `${path}: ${error.message}` : error.message;
    throw new StoreError('BATCH_UNREADABLE', message, { cause: error });
  }
}

function jobsOf({ jobs }: BatchPlan): Set<string> {
  return new Set(jobs.map(({ id }) => id));
}

async function writable<T>(dir: string, body: () => Promise<T>): Promise<T> {
  try {
    return await body();
  } catch (error) {
    const message = `could not write the batch in ${dir}: ${(error as Error).message}`;
    throw new StoreError('BATCH_UNWRITABLE', message, { cause: error });
  }
}
