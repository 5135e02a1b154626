import type { TraceEntry } from '@tracecore/spec';
import { differenceOfStep } from '../episode/frozen-step.js';
import type { EpisodeJob } from '../episode/job.js';
import type { EpisodeOutcome } from '../types.js';
import type { WorkerMessage } from './protocol.js';

/** Most text in the entries of one episode, in UTF-16 units; a record of more could not be put into one artifact. */
const MAX_EPISODE_CHARS = 128 * 1024 * 1024;
/** Starts and ends of processes that one episode can have. */
const MAX_CHILD_NOTICES = 16;

/** Follows what a worker tells of one episode, for what no honest one would. */
export class RecordCheck {
  readonly #job: EpisodeJob;
  #steps = 0;
  #toolCalls = 0;
  #chars = 0;
  #notices = 0;

  constructor(job: EpisodeJob) {
    this.#job = job;
  }

  breachOf(message: WorkerMessage, chars: number): string | null {
    this.#chars += chars;
    if (this.#chars > MAX_EPISODE_CHARS)
      return `it told of entries that take more than ${MAX_EPISODE_CHARS / 2 ** 20} MiB`;
    if (message.type === 'entry') return this.#breachOfEntry(message.entry);
    if (message.type === 'end') return this.#breachOfEnd(message.outcome);
    if (message.type !== 'child') return null;
    this.#notices += 1;
    return this.#notices > MAX_CHILD_NOTICES ? 'it reported more processes than an episode has' : null;
  }

  #breachOfEntry(entry: TraceEntry): string | null {
    const { step, budget_delta } = entry;
    this.#steps += 1;
    this.#toolCalls += budget_delta.tool_calls;
    const { steps, tool_calls } = this.#job.budgets;
    if (step !== this.#steps || step > steps || this.#toolCalls > tool_calls)
      return 'it told of entries that do not follow';
    const frozen = this.#job.frozen?.[step - 1];
    return frozen && differenceOfStep(frozen, entry) ? 'it told of a frozen step that is not the recorded one' : null;
  }

  /** A last step is counted and not traced when its tool call could not be paid for. */
  #breachOfEnd({ steps_used, tool_calls_used }: EpisodeOutcome): string | null {
    if (this.#steps < (this.#job.frozen?.length ?? 0)) return 'it told of an end before the frozen steps were over';
    const untraced = steps_used - this.#steps;
    return untraced < 0 || untraced > 1 || tool_calls_used !== this.#toolCalls
      ? 'it told of totals that do not add up'
      : null;
  }
}
