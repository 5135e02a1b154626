import { HELD_THINGS, type Hold, type Holdings, type Mechanism } from '@tracecore/sandbox/confine';
import type { MechanismFacts } from '../doctor/host-rows.js';

const all = (hold: Hold) => Object.fromEntries(HELD_THINGS.map((thing) => [thing, hold])) as Holdings;

/** Mechanisms of which each holds everything alike, so that a test sees which one was asked about. */
export const SIMPLE_FACTS: MechanismFacts = {
  holdingsOf: (mechanism) => all(holdOf(mechanism)),
  levelOf: (mechanism) => {
    if (mechanism === 'none') return 'none';
    if (mechanism === 'process-bare') return 'bare';
    return mechanism === 'process-node-permissions' ? 'permissions' : 'contained';
  },
};

function holdOf(mechanism: Mechanism): Hold {
  if (mechanism === 'none' || mechanism === 'process-bare') return 'open';
  return mechanism === 'process-node-permissions' ? 'cooperative' : 'held';
}
