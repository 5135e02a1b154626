import type { CallOutcome, Fault, PreparedProgram, Session } from '@tracecore/sandbox';
import { type Hosts, prepareProgram } from './hosts.js';
import type { EpisodeJob, RecordedStep } from './job.js';
import { deriveSeed, randomStream } from './random-stream.js';

/** How the kit begins its complaint about a module that holds no agent: a broken file, not a failed episode. */
export const NO_AGENT = 'KitError: no agent found';

/** Said by a recorded agent that is asked for more than was recorded. */
export const END_OF_RECORD = 'end of the record';

/** Makes the job's agent ready and starts it ahead where that takes long; null for a record. */
export async function prepareAgent(hosts: Hosts, { agent, limits }: EpisodeJob): Promise<PreparedProgram | null> {
  if ('recorded' in agent) return null;
  const program = await prepareProgram(hosts, agent, limits);
  program.warm?.();
  return program;
}

/**
 * Opens the job's agent: the program that was made ready, or its record.
 * @param deadline when the episode's wall clock ends, in ms of `performance.now()`; null for no end.
 */
export async function openAgent(
  program: PreparedProgram | null,
  job: EpisodeJob,
  deadline: number | null,
  log: (line: string) => void,
): Promise<{ session: Session } | { fault: Fault }> {
  if (program === null) return { session: recordedSession('recorded' in job.agent ? job.agent.recorded : []) };
  return program.open({
    role: 'agent',
    services: () => {
      throw new Error('CALL_NOT_AVAILABLE');
    },
    random: randomStream('agent', job.taskRef, job.seed),
    randomSeed: String(deriveSeed('agent', job.taskRef, job.seed)),
    deadline,
    log,
  });
}

/** An agent that says again what was recorded, step by step. */
export function recordedSession(recorded: RecordedStep[]): Session {
  let next = 0;
  return {
    fuelUsed: 0,
    close: () => undefined,
    async call(method): Promise<CallOutcome> {
      if (method !== 'act') return { value: null };
      const step = recorded[next];
      next += 1;
      if (!step) return { fault: { kind: 'throw', message: END_OF_RECORD, deterministic: true } };
      if ('action' in step) return { value: step.action };
      return { fault: { kind: 'protocol', deterministic: true, ...step.notAction } };
    },
  };
}
