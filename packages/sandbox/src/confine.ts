/** What keeps processes from the machine and from each other; apart from the hosts, so that no engine is loaded. */
export { createGroup, type Group, type GroupLimits } from './confine/cgroup.js';
export { closeInherited, handedOn } from './confine/close-inherited.js';
export { type Command, type ConfinedCommand, confine, confinementFor } from './confine/confined-command.js';
export {
  DEFAULT_MINIMUM,
  HELD_THINGS,
  type HeldThing,
  type Hold,
  type Holdings,
  holdingsOf,
  ISOLATION_LEVELS,
  type IsolationLevel,
  levelOf,
  MECHANISMS,
  type Mechanism,
  type Surroundings,
  weakerOf,
} from './confine/holdings.js';
export { PROCESS_LIMITS, type ProcessLimits, withLimits } from './confine/limits.js';
export { CONFINEMENTS, type Confinement, type Confines, type Machine, NO_MACHINE } from './confine/machine.js';
export { nodePermissionFlags } from './confine/node-permissions.js';
export { probeMachine } from './confine/probe-machine.js';
export { ISOLATE_GUARANTEES } from './isolate/guarantees.js';
