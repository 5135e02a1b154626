import type { FileDigest } from '@tracecore/artifact';
import type { Bundle, CodePrint, ProcessCommand } from '@tracecore/sandbox';
import type { Budgets } from '@tracecore/spec';

/** What `task.toml` says, checked. */
export interface TaskManifest {
  id: string;
  suite: string;
  version: number;
  description: string;
  deterministic: boolean;
  seed_behavior: string;
  budgets: Budgets;
  /** Names of the actions, as the manifest lists them; for a Python task an empty list means: as found. */
  action_surface: { actions: string[] };
  setup: { entrypoint: string };
  actions: { entrypoint: string };
  validator: { entrypoint: string };
  sandbox: { filesystem_roots: string[]; network_hosts: string[] };
}

/** A task folder that was read: its manifest, hash and place. */
export interface TaskFolder {
  ref: string;
  dir: string;
  manifest: TaskManifest;
  /** `task_hash`: `sha256:` + hex over every file of the folder but its README and tests. */
  hash: string;
  /** The files that the hash covers, as they were when it was made. */
  files: FileDigest[];
  /** What the task is written in, when it is not TypeScript or JavaScript. */
  language?: 'python';
  /** For a Python task: the `task_hash` that the Python runtime computes for this folder, bare hex. */
  reference_task_hash?: string;
}

/** A task ready to run: as a bundle for an isolate, or as a command for a process of its own. */
export type LoadedTask = TaskFolder &
  ({ bundle: Bundle } | { command: ProcessCommand }) & {
    /** The prints of its code, which no agent may hold; worked out when first asked for. */
    prints?: () => Promise<readonly CodePrint[]>;
  };

/** A place that could not be read as a task; the rest of the registry still loads. */
export interface RegistryFault {
  dir: string;
  message: string;
  /** The error that said so; absent where the fault is a package's own package.json. */
  cause?: Error;
}
