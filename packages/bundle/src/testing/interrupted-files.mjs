/**
 * The disk, with `strike` called before each step: a test's process can be killed there, or a step fail. A write is two
 * steps, so that a strike can fall between two halves of it.
 * @param {import('../files.js').BundleFiles} files
 * @param {(step: string) => void} strike
 * @returns {import('../files.js').BundleFiles}
 */
export function interruptedFiles(files, strike) {
  /** @param {string} name @param {(...args: any[]) => Promise<any>} act */
  const step =
    (name, act) =>
    async (/** @type {any[]} */ ...args) => {
      strike(name);
      return act(...args);
    };
  return {
    ensureFolder: step('ensureFolder', files.ensureFolder),
    makeFolder: step('makeFolder', files.makeFolder),
    syncFolder: step('syncFolder', files.syncFolder),
    rename: step('rename', files.rename),
    remove: files.remove,
    async create(path, mode) {
      strike('create');
      const file = await files.create(path, mode);
      return {
        async write(bytes) {
          const middle = bytes.length >> 1;
          strike('write');
          await file.write(bytes.subarray(0, middle));
          strike('write, second half');
          await file.write(bytes.subarray(middle));
        },
        sync: step('sync', () => file.sync()),
        close: async () => {
          await file.close();
          strike('close');
        },
      };
    },
  };
}
