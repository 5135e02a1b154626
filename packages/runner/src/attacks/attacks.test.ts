import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { readAttacks } from './testing/attack.js';
import { type LaneOptions, type LaneReport, type Outcome, runLane } from './testing/lane.js';

const attacks = readAttacks();
const LANE_MS = 1_200_000;
/** As many as there are cores in the smallest machine that runs this. */
const AT_ONCE = 2;
/** What an interpreter does inside itself is the same whatever holds its process. */
const OF_THE_PROCESS = /^(?:machine|wire)\//;

interface NamedLane extends LaneOptions {
  name: string;
  only?: RegExp;
}

const python = spawnSync('python3', ['--version']).status === 0;
const LANES: NamedLane[] = [
  { name: 'isolate', host: 'isolate' },
  { name: 'Node program', host: 'process-node' },
  { name: 'Python program', host: 'process-python' },
  { name: 'command', host: 'process-cmd' },
  {
    name: 'Node program, permissions only',
    host: 'process-node',
    confinement: 'node-permissions',
    only: OF_THE_PROCESS,
  },
  { name: 'Node program, bare', host: 'process-node', confinement: 'bare', only: OF_THE_PROCESS },
  { name: 'Python program, bare', host: 'process-python', confinement: 'bare', only: OF_THE_PROCESS },
  { name: 'command, bare', host: 'process-cmd', confinement: 'bare', only: OF_THE_PROCESS },
  { name: 'inline', host: 'inline' },
];

const wanted = LANES.filter(({ host }) => python || host !== 'process-python');
const atOnce = limited(AT_ONCE);
// Each lane has a runner, a workspace and canaries of its own, so they do not get into each other's judgement.
const running = wanted.map(({ only = /./, ...lane }) => {
  const report = atOnce(() =>
    runLane(
      attacks.filter(({ id }) => only.test(id)),
      lane,
    ),
  );
  report.catch(() => undefined);
  return { name: lane.name, report };
});

describe('every attack ends as stated, between honest episodes that stay the same', () => {
  if (!python) test('Python programs are left out', (ctx) => ctx.skip('there is no python3 here'));

  test.each(running)(
    '$name',
    async ({ report }) => {
      const { verdicts, faults } = await report;
      expect(verdicts.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
      expect(faults).toEqual([]);
      expect(verdicts.length).toBeGreaterThan(0);
    },
    LANE_MS,
  );
});

afterAll(async () => {
  for (const { name, report } of running) console.log(await report.then((done) => summary(name, done), String));
  const file = process.env.TRACECORE_ATTACK_REPORT;
  if (file) writeFileSync(file, JSON.stringify(await Promise.all(running.map(({ report }) => report))));
});

function summary(name: string, { mechanism, verdicts, rssGrowth }: LaneReport): string {
  const count = (outcome: Outcome) => verdicts.filter((verdict) => verdict.outcome === outcome).length;
  const [held, open, notRun, failed] = [count('as stated'), count('open'), count('not run'), count('failed')];
  const faults = verdicts.flatMap((verdict) => verdict.faults);
  const kinds = ['escape', 'lost artifact', 'orphan'].map(
    (kind) => `${faults.filter((fault) => fault.kind === kind).length} ${kind}s`,
  );
  const memory = `memory ${(rssGrowth / 2 ** 20).toFixed(1)} MiB`;
  return `${name} (${mechanism}): ${held} as stated, ${open} open, ${notRun} not run, ${failed} failed; ${kinds.join(', ')}; ${memory}`;
}

/** Lets so many pieces of work run at once. */
function limited(size: number) {
  let free = size;
  const waiting: (() => void)[] = [];
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}
