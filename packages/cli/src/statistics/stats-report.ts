import { Random } from '@tracecore/kit';
import {
  type Comparison,
  type Counts,
  compareOutcomes,
  describeOutcomes,
  type Figures,
  groupBy,
  type Outcome,
} from '@tracecore/stats';
import type { Selection } from '../episodes/select.js';
import type { EpisodeRow } from '../episodes/source.js';

/** Resampling draws from a seed of its own, so that the same runs give the same interval. */
const BOOTSTRAP_SEED = 0;

export interface AgentFigures extends Figures {
  agent_ref: string;
  /** The versions of its code, newest first; null stands for runs that do not tell. */
  revisions: { agent_hash: string | null; episodes: number }[];
}

export interface NamedComparison {
  a: { name: string } & Comparison['a'];
  b: { name: string } & Comparison['b'];
  paired: Comparison['paired'];
  unpaired: Comparison['unpaired'];
}

/** What `stats --format json` prints: spec/extensions/stats-report-schema-v1.json. */
export interface StatsReport {
  stats_version: 1;
  confidence: number;
  selection: Selection['asked'] & { episodes: number; repeats: number; infrastructure: number | null };
  /** By `agent_ref`. */
  agents: AgentFigures[];
  comparisons: NamedComparison[];
}

export interface ReportOptions {
  confidence: number;
  ks: readonly number[];
}

/** The figures of every agent in a selection. */
export function reportOf(
  { rows, asked, repeats, infrastructure }: Pick<Selection, 'rows' | 'asked' | 'repeats' | 'infrastructure'>,
  { confidence, ks }: ReportOptions,
): StatsReport {
  const byAgent = [...groupBy(rows, ({ agent_ref }) => agent_ref)].sort(([one], [other]) => (one < other ? -1 : 1));
  return {
    stats_version: 1,
    confidence,
    selection: { ...asked, episodes: rows.length, repeats, infrastructure },
    agents: byAgent.map(([agent_ref, of]) => ({
      agent_ref,
      revisions: revisionsOf(of),
      ...describeOutcomes(of.map(outcomeOf), { confidence, ks }),
    })),
    comparisons: [],
  };
}

/** Two named sides, newest episodes first, so that the newest of a seed counts in its pair. */
export function comparisonOf(
  a: { name: string; side: readonly Outcome[] | Counts },
  b: { name: string; side: readonly Outcome[] },
  confidence: number,
): NamedComparison {
  const random = new Random(BOOTSTRAP_SEED);
  const found = compareOutcomes(a.side, b.side, { confidence, random: () => random.random() });
  return {
    a: { name: a.name, ...found.a },
    b: { name: b.name, ...found.b },
    paired: found.paired,
    unpaired: found.unpaired,
  };
}

export function outcomeOf({ task_ref, seed, success }: Pick<EpisodeRow, 'task_ref' | 'seed' | 'success'>): Outcome {
  return { task: task_ref, seed, success };
}

function revisionsOf(rows: readonly EpisodeRow[]): AgentFigures['revisions'] {
  return [...groupBy(rows, ({ agent_hash }) => agent_hash ?? '')].map(([hash, of]) => ({
    agent_hash: hash === '' ? null : hash,
    episodes: of.length,
  }));
}
