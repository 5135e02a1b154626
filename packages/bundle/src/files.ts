import { mkdir, open, rename, rm } from 'node:fs/promises';

/** Everything that sealing and signing do to the disk, in the order they do it: a test can stop at any of them. */
export interface BundleFiles {
  /** Makes a folder and its parents where they are missing. */
  ensureFolder(path: string): Promise<void>;
  makeFolder(path: string): Promise<void>;
  /** Opens a file that must not exist; readable by all unless `mode` says otherwise. */
  create(path: string, mode?: number): Promise<NewFile>;
  /** Makes what was created or renamed in a folder last. */
  syncFolder(path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** Removes a file or a whole folder, if it is there. */
  remove(path: string): Promise<void>;
}

export interface NewFile {
  write(bytes: Uint8Array): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** The disk itself. */
export const nodeFiles: BundleFiles = {
  async ensureFolder(path) {
    await mkdir(path, { recursive: true });
  },
  async makeFolder(path) {
    await mkdir(path);
  },
  async create(path, mode = 0o666) {
    const file = await open(path, 'wx', mode);
    return {
      // `writeFile` goes on after a short write, so a full disk is an error here and not a cut file.
      write: (bytes) => file.writeFile(bytes),
      sync: () => file.sync(),
      close: () => file.close(),
    };
  },
  async syncFolder(path) {
    // Windows opens no folders and needs none of it.
    if (process.platform === 'win32') return;
    const folder = await open(path, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  },
  rename,
  remove: (path) => rm(path, { recursive: true, force: true }),
};

/** Writes a new file and makes it last. */
export async function writeNewFile(files: BundleFiles, path: string, bytes: Uint8Array, mode?: number): Promise<void> {
  const file = await files.create(path, mode);
  try {
    await file.write(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}
