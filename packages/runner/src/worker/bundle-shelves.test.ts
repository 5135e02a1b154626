import type { Bundle } from '@tracecore/sandbox';
import { expect, test } from 'vitest';
import type { EpisodeJob } from '../episode/job.js';
import { KeptBundles, SentBundles } from './bundle-shelves.js';

const bundle = (name: string, code = 'export const program = {};'): Bundle => ({
  name,
  sourceRoot: '.',
  code,
  map: '',
  sources: [],
  digest: 'sha256:0',
});
const jobOf = (agent: Bundle, task: Bundle) =>
  ({ agent: { bundle: agent }, task: { bundle: task }, taskRef: 't@1', seed: 1 }) as EpisodeJob;
const onTheWire = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

test('a bundle travels once, and the job that arrives is the job that was sent', () => {
  const [sent, kept] = [new SentBundles(), new KeptBundles()];
  const job = jobOf(bundle('agent'), bundle('task'));
  const parcels = [sent.pack(job), sent.pack(job)].map(onTheWire);
  expect(parcels.map(({ bundles }) => bundles.length)).toEqual([2, 0]);
  for (const parcel of parcels) expect(kept.unpack(parcel)).toEqual(job);
});

test('bundles of one name and other code, or of one code and another name, are two', () => {
  const [sent, kept] = [new SentBundles(), new KeptBundles()];
  const task = bundle('task');
  for (const agent of [bundle('a'), bundle('a', 'export const program = { act() {} };'), bundle('b')]) {
    const parcel = onTheWire(sent.pack(jobOf(agent, task)));
    expect(parcel.bundles.map(([, { name }]) => name)).toContain(agent.name);
    expect(kept.unpack(parcel).agent).toEqual({ bundle: agent });
  }
});

test('a worker keeps 32, the least recently used is dropped on both sides and sent again', () => {
  const [sent, kept] = [new SentBundles(), new KeptBundles()];
  const task = bundle('task');
  const agents = Array.from({ length: 40 }, (_, n) => bundle(`agent ${n}`));
  const deliver = (agent: Bundle) => {
    const parcel = onTheWire(sent.pack(jobOf(agent, task)));
    expect(kept.unpack(parcel)).toEqual(jobOf(agent, task));
    return parcel;
  };
  const dropped = agents.map((agent) => deliver(agent).drop.length);
  // The task and 31 agents fit.
  expect(dropped).toEqual([...Array(31).fill(0), ...Array(9).fill(1)]);
  expect(deliver(agents[39] as Bundle)).toMatchObject({ bundles: [], drop: [] });
  expect(deliver(agents[0] as Bundle).bundles).toHaveLength(1);
});

test('records and commands travel as they are', () => {
  const [sent, kept] = [new SentBundles(), new KeptBundles()];
  const job = {
    agent: { recorded: [{ action: { type: 'add' } }] },
    task: { command: { name: 'task', argv: ['/bin/true'] } },
  } as unknown as EpisodeJob;
  expect(kept.unpack(onTheWire(sent.pack(job)))).toEqual(job);
});
