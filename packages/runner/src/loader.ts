import { realpath, stat } from 'node:fs/promises';
import { extname, join, resolve } from 'node:path';
import type { Bundle, CodePrint, SandboxError } from '@tracecore/sandbox';
import { type BundlerOptions, createBundler } from '@tracecore/sandbox/bundle';
import { NODE_HOST_FILE, PYTHON_HOST_FILE } from '@tracecore/sandbox/process';
import { isHashedPath, type LoadedTask, type TaskFolder } from '@tracecore/tasks';
import { RunnerError } from './error.js';
import { refOf } from './load/agent-ref.js';
import { COMMAND_PREFIX, commandAgent } from './load/command-agent.js';
import { confinesOf } from './load/confines.js';
import { nodeCommand } from './load/node-agent.js';
import { findPython } from './load/python.js';
import type { Isolation, LoadedAgent } from './types.js';

export interface LoaderOptions {
  /** What agent references are relative to. */
  workspaceRoot: string;
  /** Where the runtime's own `agents/` and `tasks/` lie. */
  builtinRoot: string;
  /** Where bundles are kept between runs; null keeps none. */
  cacheDir: string | null;
  /** What the kept bundles are sealed with; by default the user's key. */
  seal?: BundlerOptions['seal'];
  /** Read-only folders with bundles that ship with a package. */
  shippedBundles?: readonly string[];
  /** Texts of `@tracecore/kit` and `@tracecore/kit/guest`, which every program gets from the runtime itself. */
  modules: Readonly<Record<string, string>>;
  /** The scripts that run programs in processes of their own; by default the sandbox package's. */
  hostFiles?: { node: string; python: string };
  /** Files and folders that programs in processes of their own may read beside their own. */
  read?: readonly string[];
  /** Folders that no agent may see into beside the workspace's tasks and earlier runs: where those lie elsewhere. */
  hide?: readonly string[];
  /** Variables that an agent's process is given beside `TZ` and `LANG`; a task gets none. */
  env?: Readonly<Record<string, string>>;
}

export interface AgentOptions {
  /** The host that was asked for; without it the agent decides. */
  isolation?: Isolation;
  /** What relative paths in `cmd:` are relative to; by default the workspace's root. */
  cwd?: string;
}

/** Makes agents and tasks ready to run. */
export interface Loader {
  /**
   * Makes an agent ready: a `.ts` or `.js` file as a bundle, or as a process when it needs Node or `isolation` says so;
   * a `.py` file or `cmd:PROGRAM ARGS` as a process.
   * @throws {SandboxError} AGENT_NOT_FOUND, BUNDLE_FAILED with file:line:column, AGENT_NEEDS_NODE (where an isolate was asked for).
   * @throws {RunnerError} ISOLATION_REFUSED, PYTHON_MISSING, COMMAND_INVALID, AGENT_NOT_FOUND.
   */
  agent(agent: string, options?: AgentOptions): Promise<LoadedAgent>;
  /**
   * @throws {SandboxError} BUNDLE_FAILED, TASK_IMPORTS_OUTSIDE, AGENT_NEEDS_NODE.
   * @throws {RunnerError} PYTHON_MISSING for a Python task, TASK_INVALID when a file is not as it was hashed.
   */
  task(folder: TaskFolder): Promise<LoadedTask>;
}

export function createLoader(options: LoaderOptions): Loader {
  const { workspaceRoot, builtinRoot, env = {} } = options;
  const hostFiles = options.hostFiles ?? { node: NODE_HOST_FILE, python: PYTHON_HOST_FILE };
  const bundler = createBundler({
    cacheDir: options.cacheDir,
    ...(options.seal ? { seal: options.seal } : {}),
    shipped: options.shippedBundles ?? [],
    modules: options.modules,
  });
  const confines = confinesOf({
    workspaceRoot: resolve(workspaceRoot),
    hide: [
      ...[join(builtinRoot, 'tasks'), ...(options.shippedBundles ?? [])],
      ...[options.cacheDir ?? [], options.hide ?? []].flat(),
    ].map((folder) => resolve(folder)),
    read: options.read ?? [],
  });
  const pythonFor = { hostFile: hostFiles.python, workspaceRoot: resolve(workspaceRoot), confines };
  const agentPython = findPython({ ...pythonFor, env });
  const taskPython = findPython({ ...pythonFor, env: {} });

  async function scriptAgent(file: string, isolation: Isolation | undefined): Promise<LoadedAgent> {
    const ref = await refOf(file, [workspaceRoot, builtinRoot]);
    if (isolation === 'process') return nodeAgent(file, ref);
    try {
      const { bundle, taskFile, prints } = await bundler.agent({ file, ref });
      return { ref, hash: bundle.digest, bundle, prints, violation: violationOf(ref, taskFile) };
    } catch (error) {
      const { code, cause } = error as SandboxError;
      if (code !== 'AGENT_NEEDS_NODE' || isolation !== undefined) throw error;
      const notice = `${ref} needs Node built-ins (${cause}): run in a process of its own`;
      return { ...(await nodeAgent(file, ref)), notice };
    }
  }

  async function nodeAgent(file: string, ref: string): Promise<LoadedAgent> {
    const { bundle, taskFile, prints } = await bundler.agent({ file, ref, platform: 'node' });
    const command = nodeCommand(bundle, hostFiles.node, { env, confines: confines.node(hostFiles.node) });
    return { ref, hash: bundle.digest, command, prints, violation: violationOf(ref, taskFile) };
  }

  async function pythonAgent(file: string): Promise<LoadedAgent> {
    const ref = await refOf(file, [workspaceRoot, builtinRoot]);
    const path = await requireFile(file, ref);
    const { files, digest, taskFile, prints } = await agentPython.sources(path);
    const command = await agentPython.command('agent', path, ref, files);
    return { ref, hash: digest, command, prints, violation: violationOf(ref, taskFile) };
  }

  return {
    async agent(agent, { isolation, cwd = workspaceRoot } = {}) {
      const isCommand = agent.startsWith(COMMAND_PREFIX);
      if (!isCommand && extname(agent) !== '.py') return scriptAgent(agent, isolation);
      if (isolation !== undefined && isolation !== 'process') {
        const name = isCommand ? agent : await refOf(agent, [workspaceRoot, builtinRoot]);
        throw new RunnerError(
          'ISOLATION_REFUSED',
          `${name} runs only in a process of its own, not on the ${isolation} host; leave --isolation out`,
        );
      }
      if (!isCommand) return pythonAgent(agent);
      return { ...(await commandAgent(agent, { workspaceRoot, cwd, env, confines })), violation: null };
    },
    async task(folder) {
      const { dir, ref, manifest } = folder;
      if (folder.language === 'python') {
        let prints: Promise<readonly CodePrint[]> | undefined;
        return {
          ...folder,
          command: await taskPython.command('task', dir, ref),
          prints: () => {
            prints ??= taskPython.prints(dir);
            return prints;
          },
        };
      }
      const { bundle, prints } = await bundler.task({
        dir,
        ref,
        setup: manifest.setup.entrypoint,
        actions: manifest.actions.entrypoint,
        validator: manifest.validator.entrypoint,
        covers: isHashedPath,
      });
      requireUnchanged(folder, bundle);
      return { ...folder, bundle, prints: async () => prints };
    },
  };
}

/** What was hashed as the task must be what is played as it. */
function requireUnchanged({ ref, files }: TaskFolder, { sources }: Bundle): void {
  const hashed = new Map(files.map(({ path, sha256 }) => [path, sha256]));
  const changed = sources.find(({ path, sha256 }) => hashed.get(path) !== sha256);
  if (changed === undefined) return;
  throw new RunnerError('TASK_INVALID', `${ref}: ${changed.path} was changed while the task was loaded; run it again`);
}

function violationOf(ref: string, taskFile: string | null): string | null {
  return taskFile === null ? null : `${ref} imports ${taskFile}, a file of a task; agents may not see tasks' code`;
}

async function requireFile(file: string, ref: string): Promise<string> {
  const found = await stat(file).catch(() => null);
  if (found?.isFile()) return realpath(file);
  throw new RunnerError('AGENT_NOT_FOUND', `no agent file at ${ref}; give the path of a .ts, .js or .py file`);
}
