import type { TraceEntry } from '@tracecore/spec';
import { endWith } from '../episode/ending.js';
import type { EpisodeJob } from '../episode/job.js';
import { RunnerError } from '../error.js';
import type { EpisodeOutcome, OnEntry } from '../types.js';
import { onExit } from './on-exit.js';
import { RecordCheck } from './record-check.js';
import type { WorkerProcess } from './worker-process.js';
import type { StartedWorker } from './worker-starter.js';

/** Time past a deadline before the worker is killed: it is given the chance to end the episode itself. */
const GRACE_MS = 500;
/** Calls into programs between two signs of life: act, execute, validate, and one to set up. */
const CALLS_PER_SIGN = 4;

export interface PlayedEpisode {
  entries: TraceEntry[];
  outcome: EpisodeOutcome;
  worker: StartedWorker;
}

type Played = { ended: EpisodeOutcome } | { refused: RunnerError } | { stalled: string } | { died: string };

let lastId = 0;

/** How a job went on one worker. `spent` says that the worker cannot be used again. */
export interface WorkerResult {
  spent: boolean;
  value: { played: PlayedEpisode; crashed: boolean } | { refused: RunnerError };
}

/**
 * Has one worker play a job. A worker that stops answering is killed and the episode ends as a timeout; one that dies, or
 * breaks the protocol, gives `crashed`, and the caller decides whether to try again.
 */
export async function playInWorker(started: StartedWorker, job: EpisodeJob, onEntry: OnEntry): Promise<WorkerResult> {
  const entries: TraceEntry[] = [];
  const played = await play(started.worker, job, (entry) => {
    entries.push(entry);
    onEntry(entry);
  });
  if ('refused' in played) return { spent: false, value: { refused: played.refused } };
  if ('ended' in played) {
    return { spent: false, value: { crashed: false, played: { entries, outcome: played.ended, worker: started } } };
  }
  const crashed = 'died' in played;
  const ending = crashed
    ? endWith('agent_exception', `the worker process died: ${played.died}`)
    : endWith('timeout', played.stalled);
  return {
    spent: true,
    value: { crashed, played: { entries, outcome: outcomeSoFar(entries, ending), worker: started } },
  };
}

function play(worker: WorkerProcess, job: EpisodeJob, onEntry: OnEntry): Promise<Played> {
  lastId += 1;
  const id = lastId;
  return new Promise((resolve) => {
    const timers = watch(job, (stalled) => {
      worker.kill();
      finish({ stalled });
    });
    let over = false;
    const finish = (played: Played) => {
      over = true;
      timers.stop();
      letGo();
      resolve(played);
    };
    const letGo = onExit(worker.exited, ({ detail }) => finish({ died: detail }));
    const record = new RecordCheck(job);
    worker.send(id, job, (message, chars) => {
      // A process of the last episode may be reported gone while nothing is played, or the next one is.
      if (message.type === 'ready' || (message.type === 'child' && message.id !== id)) return;
      const breach =
        over || message.id !== id ? 'it spoke of an episode that is over' : record.breachOf(message, chars);
      if (breach !== null) {
        worker.distrust(breach);
        return;
      }
      timers.alive();
      if (message.type === 'entry') onEntry(message.entry);
      else if (message.type === 'end') finish({ ended: message.outcome });
      else if (message.type === 'refused') finish({ refused: new RunnerError(message.code, message.message) });
    });
  });
}

/** Calls `onStall` when the wall clock, or the longest that one step's calls may take, has passed. */
function watch({ budgets, limits }: EpisodeJob, onStall: (reason: string) => void) {
  const stallMs = limits.callDeadlineMs * CALLS_PER_SIGN + GRACE_MS;
  const stalled = () => onStall(`no answer for ${stallMs / 1_000} s`);
  const stall = setTimeout(stalled, stallMs);
  const seconds = budgets.wall_clock_seconds;
  const wall =
    seconds === null
      ? undefined
      : setTimeout(
          () => onStall(`wall clock of ${seconds} s used up`),
          Math.min(seconds * 1_000 + GRACE_MS, 2 ** 31 - 1),
        );
  return {
    alive: () => stall.refresh(),
    stop() {
      clearTimeout(stall);
      clearTimeout(wall);
    },
  };
}

function outcomeSoFar(
  entries: TraceEntry[],
  { reason, failureReason, failureType }: ReturnType<typeof endWith>,
): EpisodeOutcome {
  return {
    termination_reason: reason,
    failure_reason: failureReason,
    failure_type: failureType,
    steps_used: entries.length,
    tool_calls_used: entries.reduce((sum, { budget_delta }) => sum + budget_delta.tool_calls, 0),
    validator: {},
  };
}
