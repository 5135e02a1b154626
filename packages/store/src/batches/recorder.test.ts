import type { Artifact, AttemptLine } from '@tracecore/spec';
import { expect, test } from 'vitest';
import { lineFor } from '../testing/batches.js';
import { Recorder } from './recorder.js';

/** A disk that notes what it was given, and refuses so many writes from the `failFrom`-th on. */
function diskOf({ failFrom = Number.POSITIVE_INFINITY, failures = Number.POSITIVE_INFINITY } = {}) {
  const written: string[] = [];
  let calls = 0;
  const write = async (what: string) => {
    await new Promise(setImmediate);
    calls += 1;
    if (calls >= failFrom && calls < failFrom + failures) throw new Error('no space');
    written.push(what);
  };
  return {
    written,
    putArtifacts: (artifacts: readonly Artifact[]) => write(`runs ${artifacts.map(({ seed }) => seed).join(' ')}`),
    appendLines: (lines: readonly AttemptLine[]) =>
      write(`lines ${lines.map(({ job }) => Number.parseInt(job, 16)).join(' ')}`),
    wait: async () => undefined,
  };
}

const artifact = (seed: number) => ({ seed }) as Artifact;

test('writes the artifacts of a group before its lines, and what came meanwhile as the next group', async () => {
  const disk = diskOf();
  const recorder = new Recorder(disk);
  const records = [0, 1, 2].map((job) => recorder.record(lineFor(job), artifact(job)));
  const last = recorder.record(lineFor(3), null);
  await Promise.all([...records, last]);
  expect(disk.written).toEqual(['runs 0', 'lines 0', 'runs 1 2', 'lines 1 2 3']);
});

test('tries again what the disk refused for a moment', async () => {
  const disk = diskOf({ failFrom: 2, failures: 2 });
  await new Recorder(disk).record(lineFor(0), artifact(0));
  expect(disk.written).toEqual(['runs 0', 'lines 0']);
});

test('writes nothing more once the disk keeps refusing, so that a journal has no gap', async () => {
  const disk = diskOf({ failFrom: 3, failures: 3 });
  const recorder = new Recorder(disk);
  await recorder.record(lineFor(0), artifact(0));
  await expect(recorder.record(lineFor(1), artifact(1))).rejects.toThrow('no space');
  await expect(recorder.record(lineFor(2), artifact(2))).rejects.toThrow('no space');
  await recorder.settle();
  expect(disk.written).toEqual(['runs 0', 'lines 0']);
});
