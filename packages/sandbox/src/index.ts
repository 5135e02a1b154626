export type { Bundle, BundleSource, CodePrint } from './bundle-types.js';
export { SandboxError, type SandboxErrorCode } from './error.js';
export type {
  CallOptions,
  CallOutcome,
  Engine,
  EpisodeScope,
  Fault,
  FaultKind,
  Guarantees,
  Host,
  HostServices,
  Limits,
  PreparedProgram,
  Session,
} from './host.js';
export { createInlineHost } from './inline/host.js';
export { createIsolateHost, type IsolateHostOptions } from './isolate/host.js';
export { findJsonFault, type JsonFault, MAX_JSON_DEPTH } from './json-guard.js';
export type { ChildNotice, ProcessCommand } from './process/command.js';
export { createProcessHost, type ProcessHostOptions } from './process/host.js';
export { isHostAllowed, parseHost } from './world/network.js';
export { isUnderRoots, normalizePath } from './world/paths.js';
export { World, type WorldRules } from './world/world.js';
