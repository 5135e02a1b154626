import type { WorkerExit } from './worker-process.js';

/**
 * Calls `listen` when a worker is gone, unless the returned function was called before. A promise keeps whatever waits
 * for it until it settles, and a worker outlives hundreds of episodes: without letting go, all their traces would stay.
 */
export function onExit(exited: Promise<WorkerExit>, listen: (exit: WorkerExit) => void): () => void {
  let listener: typeof listen | null = listen;
  void exited.then((exit) => listener?.(exit));
  return () => {
    listener = null;
  };
}
