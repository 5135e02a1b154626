import type { JobResult } from '@tracecore/runner';
import type { AttemptLine, BatchJob } from '@tracecore/spec';
import type { Io } from '../deps.js';
import { clip, printable } from '../render/printable.js';

/** Told how a batch goes on, for whoever watches. */
export interface Progress {
  start(results: readonly JobResult[]): void;
  attempt(line: AttemptLine, job: BatchJob, failure: string | null): void;
  /** Leaves the terminal as the next line wants it. */
  end(): void;
}

const REDRAW_MS = 100;
/** Lines where there is no terminal: one for each tenth of the jobs, and one in so many seconds. */
const TENTHS = 10;
const QUIET_MS = 30_000;
const FAILURES_SHOWN = 20;
const BAR_CHARS = 24;
const NO_COLUMNS = 80;

/**
 * A line that is redrawn on a terminal, a few plain lines elsewhere; both on stderr. Failures stand above it as they come,
 * the first twenty of them.
 * @param now milliseconds, never going back.
 */
export function createProgress(
  { stderr, stderrColumns }: Pick<Io, 'stderr' | 'stderrColumns'>,
  now: () => number,
): Progress {
  const began = now();
  const isTerminal = stderrColumns !== undefined;
  let counts = { total: 0, kept: 0, done: 0, failed: 0, infrastructure: 0 };
  let [shownAt, shownTenth, failuresShown] = [began, 0, 0];

  function text(): string {
    const { total, kept, done, failed, infrastructure } = counts;
    const seconds = (now() - began) / 1_000;
    const rate = seconds > 0 ? (done - kept) / seconds : 0;
    const left = rate > 0 ? `, ${clock((total - done) / rate)} left` : '';
    const infra = infrastructure > 0 ? `, ${infrastructure} infrastructure` : '';
    return `${done}/${total}  ${rate.toFixed(rate < 10 ? 1 : 0)}/s${left}  ${failed} failed${infra}`;
  }

  function draw(): void {
    const filled = counts.total === 0 ? BAR_CHARS : Math.floor((counts.done / counts.total) * BAR_CHARS);
    const line = `[${'#'.repeat(filled)}${'.'.repeat(BAR_CHARS - filled)}] ${text()}`;
    stderr(`\r\u001b[K${clip(line, (stderrColumns || NO_COLUMNS) - 1)}`);
    shownAt = now();
  }

  function say(line: string): void {
    stderr(isTerminal ? `\r\u001b[K${line}\n` : `${line}\n`);
    if (isTerminal) draw();
  }

  function update(): void {
    if (isTerminal) {
      if (now() - shownAt >= REDRAW_MS || counts.done === counts.total) draw();
      return;
    }
    const tenth = Math.floor((counts.done / counts.total) * TENTHS);
    if (tenth === shownTenth && now() - shownAt < QUIET_MS) return;
    [shownTenth, shownAt] = [tenth, now()];
    stderr(`tracecore: ${text()}\n`);
  }

  return {
    start(results) {
      const done = results.filter(({ state }) => state === 'passed' || state === 'failed');
      const failed = done.filter(({ state }) => state === 'failed').length;
      counts = { total: results.length, kept: done.length, done: done.length, failed, infrastructure: 0 };
      shownTenth = Math.floor((counts.done / counts.total) * TENTHS);
      if (isTerminal) draw();
    },
    attempt(line, job, failure) {
      const isOver = line.outcome === 'artifact' || line.final;
      if (isOver) counts.done += 1;
      if (line.outcome === 'infrastructure') counts.infrastructure += line.final ? 1 : 0;
      else if (failure !== null) counts.failed += 1;
      if (failure !== null && failuresShown <= FAILURES_SHOWN) {
        failuresShown += 1;
        const more = 'tracecore: further failures stand in the summary';
        const what = `${failure}  ${job.agent} on ${job.task_ref}, seed ${job.seed}`;
        say(failuresShown > FAILURES_SHOWN ? more : printable(what));
      }
      update();
    },
    end: () => {
      if (isTerminal) stderr('\r\u001b[K');
    },
  };
}

/** `75 s`, `12 min`, `3.5 h`. */
function clock(seconds: number): string {
  if (seconds < 100) return `${Math.ceil(seconds)} s`;
  return seconds < 6_000 ? `${Math.ceil(seconds / 60)} min` : `${(seconds / 3_600).toFixed(1)} h`;
}
