import { report } from './report.js';

export default report(
  () => ['SharedArrayBuffer', 'Atomics', 'WeakRef', 'FinalizationRegistry'].filter((name) => name in globalThis),
  () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60_000),
);
