import type { TaskDescription } from '@tracecore/kit';
import { type Session, World } from '@tracecore/sandbox';
import type { Json, JsonObject } from '@tracecore/spec';
import { RunnerError } from '../error.js';
import { type Hosts, prepareProgram } from './hosts.js';
import type { EpisodeJob } from './job.js';
import { deriveSeed, randomStream } from './random-stream.js';
import { readDescription } from './read-description.js';

/** Milliseconds between two steps of the virtual clock, and where it starts (spec/determinism.md). */
const VIRTUAL_EPOCH = Date.UTC(2000, 0, 1);
const VIRTUAL_STEP_MS = 1_000;

export const virtualTimeOf = (step: number) => VIRTUAL_EPOCH + step * VIRTUAL_STEP_MS;

/** A task set up for one episode: its program, its world, and what its actions take. */
export interface OpenedTask {
  session: Session;
  world: World;
  actions: TaskDescription['actions'];
}

/**
 * Loads a task's program and sets its world up from the seed.
 * @throws {RunnerError} TASK_SETUP_FAILED, TASK_INVALID: the task is broken, so no episode begins.
 */
export async function openTask(hosts: Hosts, job: EpisodeJob): Promise<OpenedTask> {
  const world = new World({
    filesystemRoots: job.manifest.sandbox.filesystem_roots,
    networkHosts: job.manifest.sandbox.network_hosts,
  });
  const program = await prepareProgram(hosts, job.task, job.limits);
  const opened = await program.open({
    role: 'task',
    services: (method, params) => world.serve(method, params),
    random: randomStream('task', job.taskRef, job.seed),
    randomSeed: String(deriveSeed('task', job.taskRef, job.seed)),
    log: () => undefined,
  });
  if ('fault' in opened) throw setupFailed(job, 'loading', opened.fault.message, opened.fault.location);
  const { session } = opened;
  try {
    const described = readDescription(await ask(session, job, 'describe', {}));
    if ('fault' in described) throw setupFailed(job, 'describe', described.fault);
    const { actions } = described;
    requireDeclared(job, Object.keys(actions));
    await ask(session, job, 'setup', { seed: job.seed });
    if (world.violation) throw setupFailed(job, 'setup', world.violation);
    return { session, world, actions: restrict(actions, job) };
  } catch (error) {
    await session.close();
    throw error;
  }
}

async function ask(session: Session, job: EpisodeJob, method: string, params: JsonObject): Promise<Json> {
  const outcome = await session.call(method, params, { deadline: null, virtualNow: virtualTimeOf(0) });
  if ('fault' in outcome) throw setupFailed(job, method, outcome.fault.message, outcome.fault.location);
  return outcome.value;
}

function requireDeclared(job: EpisodeJob, found: string[]): void {
  const declared = job.manifest.action_surface.actions;
  // A Python task need not list its actions.
  if (declared.length === 0 && 'command' in job.task) return;
  const undeclared = found.filter((name) => !declared.includes(name));
  const absent = declared.filter((name) => !found.includes(name));
  if (undeclared.length === 0 && absent.length === 0) return;
  const parts = [
    ...(undeclared.length > 0 ? [`not declared: ${undeclared.join(', ')}`] : []),
    ...(absent.length > 0 ? [`declared but absent: ${absent.join(', ')}`] : []),
  ];
  throw new RunnerError(
    'TASK_INVALID',
    `${job.taskRef}: the actions differ from action_surface in its manifest (${parts.join('; ')}); make them agree`,
  );
}

function restrict(actions: TaskDescription['actions'], { tools, taskRef }: EpisodeJob): TaskDescription['actions'] {
  if (tools === null) return actions;
  const unknown = tools.filter((name) => !Object.hasOwn(actions, name));
  if (unknown.length > 0) {
    throw new RunnerError(
      'TOOLS_UNKNOWN',
      `tools must be among the actions of ${taskRef} (${Object.keys(actions).join(', ')}), got ${unknown.join(', ')}`,
    );
  }
  return Object.fromEntries(Object.entries(actions).filter(([name]) => tools.includes(name)));
}

function setupFailed(job: EpisodeJob, what: string, message: string, location?: string): RunnerError {
  const where = location ? ` (${location})` : '';
  return new RunnerError('TASK_SETUP_FAILED', `${job.taskRef} is broken, ${what} failed: ${message}${where}`);
}
