import { resolveBudgets } from '@tracecore/spec';
import { RunnerError } from '../error.js';
import type { EpisodeRequest } from '../types.js';
import type { EpisodeJob, JobProgram } from './job.js';
import { DEFAULT_LIMITS } from './limits.js';

/**
 * Freezes the inputs of an episode.
 * @throws {RunnerError} SEED_INVALID for what is no safe integer.
 * @throws {SpecError} BUDGET_ABOVE_MANIFEST, BUDGET_INVALID.
 */
export function createJob(request: EpisodeRequest): EpisodeJob {
  const { agent, task, seed } = request;
  if (!Number.isSafeInteger(seed)) {
    throw new RunnerError('SEED_INVALID', `a seed must be a whole number between ±(2^53 - 1), got ${seed}`);
  }
  return {
    agent: keptFrom(task.dir, programOf(agent)),
    task: programOf(task),
    taskRef: task.ref,
    manifest: task.manifest,
    seed: seed === 0 ? 0 : seed,
    budgets: resolveBudgets(task.manifest.budgets, request.budgets),
    limits: { ...DEFAULT_LIMITS, ...request.limits },
    tools: request.tools ?? null,
    ...(request.fork && request.fork.frozen.length > 0 ? { frozen: request.fork.frozen } : {}),
  };
}

/** Wherever the task lies, its agent finds that folder empty. */
function keptFrom(dir: string, program: JobProgram): JobProgram {
  if (!('command' in program)) return program;
  const { confines, ...command } = program.command;
  return { command: { ...command, confines: { ...confines, hides: [...confines.hides, dir] } } };
}

/** The part of a loaded agent or task that a job carries. */
export function programOf(loaded: JobProgram): JobProgram {
  return 'bundle' in loaded ? { bundle: loaded.bundle } : { command: loaded.command };
}
