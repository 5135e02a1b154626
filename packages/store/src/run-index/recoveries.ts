import type { Recovery } from './types.js';

/** A run of a key, as the recoveries need it. */
export interface TimedRun {
  task_ref: string;
  agent_ref: string;
  seed: number;
  success: boolean;
  /** Milliseconds since 1970. */
  startedMs: number;
}

/**
 * The recoveries of runs that come by task, agent and seed, and within these oldest first. A key that never failed has none.
 */
export function recoveriesOf(runs: Iterable<TimedRun>): Recovery[] {
  const found: Recovery[] = [];
  let current: Outages | null = null;
  for (const run of runs) {
    if (current === null || !current.isOf(run)) {
      if (current !== null && current.failures > 0) found.push(current.result());
      current = new Outages(run);
    }
    current.add(run);
  }
  if (current !== null && current.failures > 0) found.push(current.result());
  return found;
}

/** The outages of one key while its runs go by. */
class Outages {
  failures = 0;
  private runs = 0;
  private since: number | null = null;
  private readonly lengths: number[] = [];

  constructor(private readonly key: Pick<TimedRun, 'task_ref' | 'agent_ref' | 'seed'>) {}

  isOf({ task_ref, agent_ref, seed }: TimedRun): boolean {
    return this.key.task_ref === task_ref && this.key.agent_ref === agent_ref && this.key.seed === seed;
  }

  add({ success, startedMs }: TimedRun): void {
    this.runs += 1;
    if (!success) {
      this.failures += 1;
      this.since ??= startedMs;
    } else if (this.since !== null) {
      this.lengths.push((startedMs - this.since) / 1_000);
      this.since = null;
    }
  }

  result(): Recovery {
    const { task_ref, agent_ref, seed } = this.key;
    const recovered = this.lengths.length;
    const unresolved = this.since === null ? 0 : 1;
    return {
      task_ref,
      agent_ref,
      seed,
      runs: this.runs,
      failures: this.failures,
      outages: recovered + unresolved,
      recovered,
      unresolved,
      mttr_s: recovered === 0 ? null : this.lengths.reduce((sum, length) => sum + length, 0) / recovered,
      longest_s: recovered === 0 ? null : this.lengths.reduce((most, length) => Math.max(most, length), 0),
    };
  }
}
