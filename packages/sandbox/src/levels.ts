/** The words for how far programs are kept apart, without what keeps them: naming them loads nothing else. */
export { DEFAULT_MINIMUM, ISOLATION_LEVELS, type IsolationLevel } from './confine/holdings.js';
export { CONFINEMENTS, type Confinement } from './confine/machine.js';
