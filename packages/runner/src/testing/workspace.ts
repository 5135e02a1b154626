import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Artifact } from '@tracecore/spec';
import { type LoadedTask, readTaskFolder } from '@tracecore/tasks';
import { build } from 'esbuild';
import { createRunner, type RunnerOptions } from '../create-runner.js';
import { createLoader, type Loader } from '../loader.js';
import type { EpisodeRequest, LoadedAgent, Runner, RuntimeIdentity } from '../types.js';
import { COUNTER_TASK } from './counter-task.js';
import { processesWith } from './processes.js';

const here = dirname(fileURLToPath(import.meta.url));
export const repositoryRoot = join(here, '..', '..', '..', '..');
export const workerEntry = join(here, '..', '..', 'dist', 'worker-main.js');
export const runtime: RuntimeIdentity = { name: 'tracecore-ts', version: '0.0.0-test', gitSha: null };

/** The kit's modules as the application ships them. */
export async function kitModules(): Promise<Record<string, string>> {
  const text = async (file: string) => {
    const kit = join(repositoryRoot, 'packages', 'kit', 'dist', file);
    const built = await build({ entryPoints: [kit], bundle: true, format: 'esm', platform: 'neutral', write: false });
    return built.outputFiles[0]?.text ?? '';
  };
  return { '@tracecore/kit': await text('index.js'), '@tracecore/kit/guest': await text('guest.js') };
}

/** A temporary folder with the counter task, agents as they are written, a loader and a runner. */
export interface Workspace {
  dir: string;
  loader: Loader;
  runner: Runner;
  /** Process ids of the runner's workers. */
  workers(): number[];
  task(files?: Record<string, string>): Promise<LoadedTask>;
  agent(source: string): Promise<LoadedAgent>;
  /** Writes `agents/agent_<n>.ts` and plays it on the counter task. */
  play(agent: string, request?: Partial<EpisodeRequest>): Promise<Artifact>;
  playAgain(agent: LoadedAgent, request?: Partial<EpisodeRequest>): Promise<Artifact>;
  /** Like `play`, for an agent that makes these calls in order, then repeats the last. */
  playActions(actions: unknown[], request?: Partial<EpisodeRequest>): Promise<Artifact>;
  write(path: string, text: string): Promise<string>;
  close(): Promise<void>;
}

type WorkspaceOptions = Pick<RunnerOptions, 'workers' | 'confinement' | 'machine'>;

export async function openWorkspace(options: WorkspaceOptions = {}): Promise<Workspace> {
  const dir = await mkdtemp(join(tmpdir(), 'tracecore-runner-'));
  const loader = createLoader({
    workspaceRoot: dir,
    builtinRoot: repositoryRoot,
    cacheDir: null,
    modules: await kitModules(),
  });
  let agents = 0;
  let tasks = 0;

  async function write(path: string, text: string): Promise<string> {
    const file = join(dir, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
    return file;
  }

  // An entry of its own tells this workspace's workers from those of other tests in the same process.
  const ownEntry = await write('worker-main.mjs', `import ${JSON.stringify(pathToFileURL(workerEntry).href)};\n`);
  const runner = createRunner({ runtime, workerEntry: ownEntry, ...options });

  async function task(files: Record<string, string> = {}): Promise<LoadedTask> {
    tasks += 1;
    const folder = `task-${tasks}/counter`;
    for (const [name, text] of Object.entries({ ...COUNTER_TASK, ...files })) await write(`${folder}/${name}`, text);
    return loader.task(await readTaskFolder(join(dir, folder)));
  }

  let counter: Promise<LoadedTask> | undefined;
  function counterTask(): Promise<LoadedTask> {
    counter ??= task();
    return counter;
  }

  async function agent(source: string): Promise<LoadedAgent> {
    agents += 1;
    return loader.agent(await write(`agents/agent_${agents}.ts`, source));
  }

  async function playAgain(loaded: LoadedAgent, request: Partial<EpisodeRequest> = {}): Promise<Artifact> {
    return runner.run({ agent: loaded, task: request.task ?? (await counterTask()), seed: 7, ...request });
  }

  const play = async (source: string, request?: Partial<EpisodeRequest>) => playAgain(await agent(source), request);

  return {
    dir,
    loader,
    runner,
    // Bubblewrap around a worker has its entry in the command line too.
    workers: () => processesWith(ownEntry, process.execPath),
    task,
    write,
    agent,
    play,
    playAgain,
    playActions: (actions, request) => play(scripted(actions), request),
    async close() {
      await runner.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** An agent that makes these calls in order, then repeats the last. */
export const scripted = (actions: unknown[]) => `
const actions = ${JSON.stringify(actions)};
export default () => { let n = 0; return { act: () => actions[Math.min(n++, actions.length - 1)] }; };
`;
