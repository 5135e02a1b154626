import type { GateReport } from '../statistics/gate-report.js';
import type { Colors } from './color.js';
import { counted, shownEstimate, shownHash, shownPercent, shownShare } from './figures.js';
import { printable } from './printable.js';

/** The verdict, each check with its figure, and what would decide. */
export function renderGate(report: GateReport, colors: Colors): string {
  const { verdict, baseline, agent_ref, agent_hash, candidate, tasks, missing_tasks, new_tasks, left_out } = report;
  const paint = { PASS: colors.green, FAIL: colors.red, INCONCLUSIVE: colors.yellow };
  const revision = agent_hash === null ? '' : ` ${printable(shownHash(agent_hash))}`;
  const lines = [
    `${paint[verdict](verdict)} against baseline ${printable(baseline.name)} of ${printable(baseline.generated_at)}`,
    `${printable(agent_ref)}${revision}: ${counted(candidate.n, 'episode')} of ${counted(tasks.length, 'task')}`,
    ...report.checks.map((check) => checkLine(check, paint[check.verdict](check.verdict))),
    ...(left_out.in_baseline === 0
      ? []
      : [`${counted(left_out.in_baseline, 'run')} of the baseline or from before it not counted`]),
    ...(left_out.other_revisions === 0
      ? []
      : [`${counted(left_out.other_revisions, 'run')} of earlier code not counted`]),
    ...(new_tasks.length === 0 ? [] : [`the baseline lacks ${new_tasks.map(printable).join(', ')}`]),
    ...(missing_tasks.length === 0
      ? []
      : [`not played, but in the baseline: ${missing_tasks.map(printable).join(', ')}; play it, or name a --task`]),
    ...(verdict === 'INCONCLUSIVE' ? [whatDecides(report)] : []),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

type Check = GateReport['checks'][number];

function checkLine({ claim, threshold, figure }: Check, verdict: string): string {
  const of = figure.method === 'tango' ? counted(figure.n, 'pair') : counted(figure.n, 'episode');
  const at = `${shownEstimate(figure)} at ${shownPercent(figure.confidence)}, n = ${of}`;
  return claim === 'min-rate'
    ? `min-rate: ${verdict}  rate ${at}; at least ${threshold} is claimed`
    : `max-regression: ${verdict}  difference ${at}; above ${shownShare(threshold)} is claimed`;
}

function whatDecides({ checks, more_seeds, tasks }: GateReport): string {
  const open = checks.filter(({ verdict }) => verdict === 'INCONCLUSIVE');
  if (open.length === 0) return 'every claim holds for what was played';
  if (more_seeds === null) {
    const claims = open.filter((check) => check.more_seeds === null).map(({ claim }) => claim);
    return `no number of further seeds will decide ${claims.join(' and ')} if the figure stays: it sits on its threshold, or the baseline is too small`;
  }
  const each = tasks.length === 1 ? '' : ' of each task';
  return `${counted(more_seeds, 'more seed')}${each} would decide if the figures stay as they are`;
}
