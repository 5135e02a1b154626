/** Bundling of agents and tasks; apart from the hosts, because a worker process never bundles. */

export {
  type AgentBundle,
  type AgentEntry,
  type Bundler,
  type BundlerOptions,
  createBundler,
  type TaskBundle,
  type TaskEntry,
} from './bundle/bundler.js';
export { isCommonJs, isTaskFile } from './bundle/compile.js';
export { findCopy } from './bundle/find-copy.js';
export { digestSources, readSource, sha256Hex, sourcePath } from './bundle/sources.js';
export type { CodePrint } from './bundle-types.js';
