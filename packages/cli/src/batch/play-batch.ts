import type { BatchOutcome } from '@tracecore/runner';
import type { OpenBatch } from '@tracecore/store';
import type { CommandInput } from '../command.js';
import type { Deps } from '../deps.js';
import { CliError, describeError, EXIT } from '../error.js';
import { passedOn } from '../passed-on.js';
import { printable } from '../render/printable.js';
import type { Workspace } from '../workspace.js';
import type { OpenedEngine } from './engine.js';
import { createProgress } from './progress.js';
import { exitOf, report } from './report.js';

export interface OpenedBatch {
  batch: OpenBatch;
  opened: OpenedEngine;
  maxFailures?: number;
}

/**
 * Plays what a batch lacks and reports. Ctrl-C ends what runs and keeps what was played; a second one ends at once.
 * @throws {CliError} INTERRUPTED on the second Ctrl-C.
 */
export async function playBatch(
  deps: Deps,
  workspace: Workspace,
  input: CommandInput,
  { batch, opened, maxFailures }: OpenedBatch,
): Promise<number> {
  const { io } = deps;
  const { runBatch, checkStrictSpec, failureOf } = await deps.load.runner();
  const { options, batch_id: id, jobs } = batch.plan;
  const minimum = workspace.config.isolation.minimum;
  const stop = new AbortController();
  const progress = createProgress(io, () => performance.now());
  const { again, unlisten } = onCtrlC(deps, id, () => {
    stop.abort();
    void opened.close();
  });
  for (const note of batch.notes) io.stderr(`tracecore: note: ${printable(note)}\n`);
  try {
    const played = runBatch(
      { id, jobs },
      {
        ...{ engine: opened.engine, keeper: batch, signal: stop.signal, onStart: progress.start },
        ...(maxFailures === undefined ? {} : { maxFailures }),
        judge: (artifact) =>
          options.strict_spec ? checkStrictSpec(artifact, { minimum }).map(({ code }) => code) : [],
        onAttempt(line, job) {
          const isPassed = line.outcome === 'artifact' && line.success && line.strict.length === 0;
          progress.attempt(line, job, isPassed ? null : line.outcome === 'artifact' ? failureOf(line) : line.code);
        },
      },
    );
    const outcome = await Promise.race([played, again]);
    progress.end();
    const { results, summary } = outcome;
    await batch.finish({ batch_id: id, ...summary }).catch(() => undefined);
    const resume = `tracecore run batch --resume ${id}${passedOn('root', input.text('root'))}${opened.resumeWith ?? ''}`;
    await report(deps, input, { name: id, results, summary, stopped: whyStopped(outcome, resume) });
    return stop.signal.aborted ? EXIT.interrupted : exitOf(summary);
  } finally {
    unlisten();
    await opened.close();
  }
}

function onCtrlC({ io }: Deps, id: string, first: () => void) {
  let times = 0;
  let unlisten = (): void => undefined;
  const again = new Promise<never>((_, reject) => {
    unlisten = io.onInterrupt(() => {
      times += 1;
      if (times === 1) {
        io.stderr(`\ntracecore: interrupted; writing down what was played (again: end at once)\n`);
        first();
      } else reject(new CliError('INTERRUPTED', `interrupted; resume with: tracecore run batch --resume ${id}`));
    });
  });
  // Nobody may wait for it any more when it comes.
  again.catch(() => undefined);
  return { again, unlisten };
}

function whyStopped({ stopped, error, summary }: BatchOutcome, resume: string) {
  const left = `${summary.pending + summary.infrastructure} left; resume with: ${resume}`;
  if (stopped === 'error') {
    return { reason: 'infrastructure', message: `stopped: ${describeError(error, false)}; ${left}` };
  }
  if (stopped === 'max-failures')
    return { reason: 'max_failures', message: `stopped after ${summary.failed} failures; ${left}` };
  if (stopped === 'signal') return { reason: 'interrupted', message: `interrupted; ${left}` };
  if (summary.infrastructure === 0) return null;
  return {
    reason: 'given_up',
    message: `${summary.infrastructure} given up after failures of the machinery; resume with: ${resume}`,
  };
}
