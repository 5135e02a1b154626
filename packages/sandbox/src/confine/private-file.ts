import { constants, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file without a name, in a folder that is opened; Node knows the option by no name. */
const UNNAMED = 0o20000000 | constants.O_DIRECTORY | constants.O_RDWR;

/** Contents that a child reads from a file descriptor, though no path leads to them. Linux only. */
export class PrivateFile {
  readonly #fd: number;

  constructor(contents: Uint8Array | string) {
    this.#fd = openUnnamed();
    const bytes = Buffer.from(contents);
    for (let written = 0; written < bytes.length; ) written += writeSync(this.#fd, bytes, written);
  }

  /** A file descriptor of its own, at the beginning; the caller closes it. */
  open(): number {
    return openSync(`/proc/self/fd/${this.#fd}`, 'r');
  }
}

function openUnnamed(): number {
  try {
    return openSync(tmpdir(), UNNAMED, 0o600);
  } catch {
    // A file system that has only files with names: it gets one for a moment.
    const folder = mkdtempSync(join(tmpdir(), 'tracecore-private-'));
    try {
      return openSync(join(folder, 'file'), 'wx+', 0o600);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}
