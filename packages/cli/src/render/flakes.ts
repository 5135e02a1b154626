import type { FlakesReport } from '../statistics/flake-report.js';
import type { Colors } from './color.js';
import { counted, shownEstimate, shownHash, shownPercent } from './figures.js';
import { clip, printable } from './printable.js';

/** One block for each flake: its inputs, its outcomes, and where they part. */
export function renderFlakes({ repeated, runs, rate, confidence, flakes }: FlakesReport, colors: Colors): string {
  if (rate === null) {
    return 'nothing was played twice with the same inputs, so nothing can show a flake; play some of it again\n';
  }
  const blocks = flakes.map(({ agent_ref, task_ref, seed, outcomes, divergences }) => {
    const head = `${colors.bold(printable(agent_ref))} on ${printable(task_ref)}, seed ${seed}`;
    const sides = outcomes.map(({ artifact_hash, success, run_ids }) => {
      const word = success ? colors.green('success') : colors.red('failure');
      const ids = run_ids.slice(0, 3).map((id) => printable(id));
      const more = run_ids.length > 3 ? ` and ${run_ids.length - 3} more` : '';
      return `  ${printable(shownHash(artifact_hash))} ${word}: ${ids.join(', ')}${more}`;
    });
    const parts = divergences.map(({ a, b, first_divergence: first }) => {
      if (first === null) return `  ${printable(a)} and ${printable(b)} differ in their hash alone: one was changed`;
      const where = first.step === null ? first.where : `step ${first.step}, ${first.where}`;
      return `  parts at ${where}: ${clip(first.pointer, 200)}; tracecore diff ${printable(a)} ${printable(b)}`;
    });
    return [head, ...sides, ...parts, ''].map((line) => `${line}\n`).join('');
  });
  const share = `${shownEstimate(rate)} at ${shownPercent(confidence)}, n = ${rate.n}`;
  const of = `${repeated} inputs that were played more than once (${counted(runs, 'run')})`;
  return `${blocks.join('')}${flakes.length} of ${of} came out differently: ${share}\n`;
}
