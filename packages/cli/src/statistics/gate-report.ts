import { type GateAnswer, type GateCheck, gate, type Verdict } from '@tracecore/stats';
import type { BaselineFile } from '@tracecore/store';
import type { AskedGate } from './gate-question.js';

/** What `gate --format json` prints: spec/extensions/gate-report-schema-v1.json. */
export interface GateReport extends Omit<AskedGate, 'question' | 'common_tasks'> {
  gate_version: 1;
  verdict: Verdict;
  alpha: number;
  baseline: { name: string; generated_at: string };
  checks: (Omit<GateCheck, 'more'> & { more_episodes: number | null; more_seeds: number | null })[];
  /** Further seeds of each task after which every check would be decided, if its figure stays; null for never. */
  more_seeds: number | null;
}

/** Asks, and puts episodes into seeds of each task. A baseline's task that nobody played keeps the gate from passing. */
export function gateReport(asked: AskedGate, { name, baseline }: BaselineFile): GateReport {
  const { question, common_tasks, ...rest } = asked;
  const answer: GateAnswer = gate(question);
  const checks = answer.checks.map(({ more, ...check }) => {
    const tasks = check.claim === 'min-rate' ? asked.tasks.length : common_tasks;
    return { ...check, more_episodes: more, more_seeds: more === null ? null : Math.ceil(more / tasks) };
  });
  const unplayed = answer.verdict === 'PASS' && asked.missing_tasks.length > 0;
  return {
    gate_version: 1,
    verdict: unplayed ? 'INCONCLUSIVE' : answer.verdict,
    alpha: answer.alpha,
    baseline: { name, generated_at: baseline.generated_at },
    ...rest,
    checks,
    more_seeds: checks.some(({ more_seeds }) => more_seeds === null)
      ? null
      : Math.max(...checks.map(({ more_seeds }) => more_seeds ?? 0)),
  };
}
