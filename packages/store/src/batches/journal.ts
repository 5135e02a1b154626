import { createReadStream } from 'node:fs';
import { type FileHandle, open, truncate } from 'node:fs/promises';
import { parseJson } from '@tracecore/artifact';
import { type AttemptLine, parseAttemptLine } from '@tracecore/spec';
import { StoreError } from '../error.js';

const NEWLINE = 0x0a;
/** A line holds a few hundred characters; what is longer was not written by us, and is not read into memory. */
const MAX_LINE_BYTES = 1024 * 1024;

export interface ReadJournal {
  lines: AttemptLine[];
  /** Bytes up to and with the last whole line. */
  wholeBytes: number;
  /** Bytes after it: a line that was being written when the process or the machine stopped. */
  tornBytes: number;
}

/**
 * Reads a journal; one that is not there is empty. A last line without its end is left out and counted.
 * @param jobs ids of the jobs that it may speak of.
 * @throws {StoreError} JOURNAL_INVALID, naming the line; BATCH_UNREADABLE.
 */
export async function readJournal(path: string, jobs: ReadonlySet<string>): Promise<ReadJournal> {
  const lines: AttemptLine[] = [];
  let rest: Buffer = Buffer.alloc(0);
  let wholeBytes = 0;
  try {
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      let from = 0;
      const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, from)) {
        lines.push(readLine(path, lines.length + 1, bytes.subarray(from, end), jobs));
        from = end + 1;
      }
      wholeBytes += from;
      rest = bytes.subarray(from);
      if (rest.length > MAX_LINE_BYTES) throw invalid(path, lines.length + 1, 'it is longer than any line of ours');
    }
  } catch (error) {
    if (error instanceof StoreError) throw error;
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { lines: [], wholeBytes: 0, tornBytes: 0 };
    throw new StoreError('BATCH_UNREADABLE', `could not read ${path}: ${(error as Error).message}`, { cause: error });
  }
  return { lines, wholeBytes, tornBytes: rest.length };
}

function readLine(path: string, number: number, bytes: Buffer, jobs: ReadonlySet<string>): AttemptLine {
  let line: AttemptLine;
  try {
    line = parseAttemptLine(parseJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
  } catch (error) {
    throw invalid(path, number, (error as Error).message);
  }
  if (jobs.has(line.job)) return line;
  throw invalid(path, number, `it speaks of the job ${line.job}, which the plan does not have`);
}

function invalid(path: string, number: number, why: string): StoreError {
  return new StoreError(
    'JOURNAL_INVALID',
    `line ${number} of ${path} is none that a batch wrote: ${why}; remove that line: no artifact is lost, and a job without a line is looked for among the runs`,
  );
}

/** Appends whole groups of lines to a journal. */
export class JournalWriter {
  readonly #path: string;
  readonly #file: FileHandle;
  #bytes: number;

  private constructor(path: string, file: FileHandle, bytes: number) {
    this.#path = path;
    this.#file = file;
    this.#bytes = bytes;
  }

  /** @param bytes where the last whole line ends; what stands after it is cut off. @throws what the disk refuses. */
  static async open(path: string, bytes: number): Promise<JournalWriter> {
    const file = await open(path, 'a');
    try {
      if ((await file.stat()).size > bytes) await cutAt(path, bytes, file);
      return new JournalWriter(path, file, bytes);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** @returns once the lines are on the disk. @throws what the disk refuses; the journal then ends where it did. */
  async append(lines: readonly AttemptLine[]): Promise<void> {
    const text = Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''), 'utf8');
    try {
      // Goes on after a short write, so a full disk is an error here.
      await this.#file.appendFile(text);
      await this.#file.datasync();
    } catch (error) {
      await cutAt(this.#path, this.#bytes, this.#file).catch(() => undefined);
      throw error;
    }
    this.#bytes += text.length;
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

async function cutAt(path: string, bytes: number, file: FileHandle): Promise<void> {
  await truncate(path, bytes);
  await file.sync();
}
