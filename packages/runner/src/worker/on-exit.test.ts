import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { onExit } from './on-exit.js';
import type { WorkerExit } from './worker-process.js';

const exit: WorkerExit = { killed: false, detail: 'exit code 1' };

test('tells of the exit, and no more once it was let go', async () => {
  const told: string[] = [];
  const exited = Promise.resolve(exit);
  onExit(exited, ({ detail }) => told.push(detail));
  onExit(exited, () => told.push('let go'))();
  await exited;
  expect(told).toEqual(['exit code 1']);
});

test('keeps nothing of who was let go, however long the worker lives', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const living = new Promise<WorkerExit>(() => undefined);
  const kept = (() => {
    const trace = { entries: new Array(1_000).fill('entry') };
    onExit(living, () => trace.entries.push('exit'))();
    return new WeakRef(trace);
  })();
  // What a WeakRef was just asked for stays until the next turn.
  await new Promise((resolve) => setImmediate(resolve));
  collect();
  expect(kept.deref()).toBeUndefined();
});
