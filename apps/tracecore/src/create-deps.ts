import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Deps, Io, RunnerModule } from '@tracecore/cli';
import type { QueueModule, RuntimeIdentity } from '@tracecore/runner';

export interface DepsOptions {
  io: Io;
  version: string;
  /** The built folder: workers, the kit's texts and the bundles that ship with the package. */
  dist: URL;
}

/** Everything the command line needs, each package loaded when a command first asks for it. */
export function createDeps({ io, version, dist }: DepsOptions): Deps {
  const builtinRoot = fileURLToPath(new URL('..', dist));
  return {
    io,
    version,
    builtinRoot,
    load: {
      runner: () => loadRunner(version, dist, builtinRoot),
      store: () => import('@tracecore/store'),
      runIndex: () => import('@tracecore/store/run-index'),
      tasks: () => import('@tracecore/tasks'),
      taskChecks: () => import('@tracecore/tasks/lint'),
      artifact: () => import('@tracecore/artifact/node'),
      bundle: () => import('@tracecore/bundle'),
      ledger: () => import('@tracecore/bundle/ledger'),
      leaderboard: () => import('@tracecore/bundle/leaderboard'),
      queue: () => loadQueue(version),
      confine: () => import('@tracecore/sandbox/confine'),
    },
  };
}

async function loadRunner(version: string, dist: URL, builtinRoot: string): Promise<RunnerModule> {
  const [runner, kit, guest] = await Promise.all([
    import('@tracecore/runner'),
    readFile(new URL('kit.js', dist), 'utf8'),
    readFile(new URL('kit-guest.js', dist), 'utf8'),
  ]);
  const { createLoader, createRunner, inspectTask, probePython, ...checks } = runner;
  const modules = { '@tracecore/kit': kit, '@tracecore/kit/guest': guest };
  const shippedBundles = [fileURLToPath(new URL('bundles', dist))];
  const hostFiles = {
    node: fileURLToPath(new URL('hosts/node-host.cjs', dist)),
    python: fileURLToPath(new URL('hosts/python/host.py', dist)),
  };
  return {
    ...checks,
    createRunner: (options) =>
      createRunner({
        ...options,
        workerEntry: fileURLToPath(new URL('worker-main.js', dist)),
        // The manifest says that the built files are modules.
        workerFiles: [fileURLToPath(dist), fileURLToPath(new URL('../package.json', dist))],
        runtime: runtimeOf(version),
      }),
    findPython: probePython,
    createLoader: (options) => createLoader({ ...options, builtinRoot, modules, shippedBundles, hostFiles }),
    inspectTask: (task, options) =>
      inspectTask(task, { ...options, inspectorEntry: fileURLToPath(new URL('task-inspector-main.js', dist)) }),
  };
}

/** The queue as the application wires it: what artifacts say of the runtime, workers must agree on. */
async function loadQueue(version: string): Promise<QueueModule> {
  const { createQueueEngine, startWorker, parseAddress, ...batches } = await import('@tracecore/queue');
  const runtime = runtimeOf(version);
  return {
    ...batches,
    createQueueEngine: (options) => createQueueEngine({ ...options, runtime }),
    startWorker: (options) => startWorker({ ...options, runtime }),
    shownAddress: (address) => parseAddress(address).shown,
  };
}

const runtimeOf = (version: string): RuntimeIdentity => ({ name: 'tracecore-ts', version, gitSha: null });
