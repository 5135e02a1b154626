// What it costs to keep programs from the machine: honest episodes under everything that this machine has, against the
// same under nothing. Both take turns in the same run. Prints one line of JSON.
import { createRunner } from '../packages/runner/dist/index.js';
import { NO_MACHINE, probeMachine } from '../packages/sandbox/dist/confine.js';
import { median } from './measure.mjs';
import { play, pythonTwin, runtime, twentySteps } from './stage.mjs';

const ROUNDS = 9;
/** Episodes between two turns, and before the first: bundles need many for the engine to be warm. */
const BUNDLES = { batch: 40, warmUp: 80 };
const PROCESSES = { batch: 6, warmUp: 3 };
const SEED = 1;

const machine = await probeMachine();
const runners = {
  hardened: createRunner({ workers: 1, runtime, machine }),
  bare: createRunner({ workers: 1, runtime, machine: NO_MACHINE }),
};

try {
  const bundle = await twentySteps();
  const results = { isolate: await compare(bundle, BUNDLES) };
  results.node = await compare(await twentySteps({ isolation: 'process' }), PROCESSES);
  const python = await pythonTwin(await play(runners.bare, bundle, SEED));
  if (python) results.python = await compare(python, PROCESSES);
  console.log(JSON.stringify(results));
} finally {
  for (const runner of Object.values(runners)) await runner.close();
}

/** Time of an episode, in ms, on each side, and what the hardening adds. */
async function compare(agent, { batch, warmUp }) {
  const mechanism = {};
  const times = { hardened: [], bare: [] };
  for (const side of Object.keys(times)) {
    const { isolation } = await play(runners[side], agent, SEED);
    mechanism[side] = isolation.mechanism;
    await timeOf(runners[side], agent, warmUp);
  }
  for (let round = 0; round < ROUNDS; round += 1) {
    // Whoever goes second finds the machine warmer.
    const turns = round % 2 === 0 ? ['hardened', 'bare'] : ['bare', 'hardened'];
    for (const side of turns) times[side].push(await timeOf(runners[side], agent, batch));
  }
  // Of each round by itself, so that a slow moment of the machine falls on both.
  const rounds = times.hardened.map((hardened, round) => ({ hardened, bare: times.bare[round] }));
  return {
    mechanism,
    hardened_ms: median(times.hardened),
    bare_ms: median(times.bare),
    added_ms: median(rounds.map(({ hardened, bare }) => hardened - bare)),
    overhead: median(rounds.map(({ hardened, bare }) => hardened / bare - 1)),
  };
}

async function timeOf(runner, agent, count) {
  const start = performance.now();
  for (let played = 0; played < count; played += 1) await play(runner, agent, SEED);
  return (performance.now() - start) / count;
}
