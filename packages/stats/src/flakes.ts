import { groupBy } from './group-by.js';

/** A run, by what it was given and what came out. */
export interface PlayedInputs {
  run_id: string;
  /** Equal for runs of the same frozen inputs, and only for these. */
  inputs: string;
  artifact_hash: string;
}

/** Runs of the same inputs that came out differently. */
export interface Flake<Run extends PlayedInputs> {
  inputs: string;
  /** One list for each hash, in the order the hashes first appear; runs in the order they were given. */
  outcomes: Run[][];
}

export interface FlakeReport<Run extends PlayedInputs> {
  /** Inputs that were played more than once: only these can show a flake. */
  repeated: number;
  /** Runs of these inputs. */
  runs: number;
  flakes: Flake<Run>[];
}

/** Finds the inputs that gave more than one `artifact_hash`. A deterministic agent on a deterministic task has none. */
export function findFlakes<Run extends PlayedInputs>(runs: readonly Run[]): FlakeReport<Run> {
  const repeated = [...groupBy(runs, ({ inputs }) => inputs)].filter(([, group]) => group.length > 1);
  const flakes = repeated.flatMap(([inputs, group]) => {
    const outcomes = [...groupBy(group, ({ artifact_hash }) => artifact_hash).values()];
    return outcomes.length === 1 ? [] : [{ inputs, outcomes }];
  });
  return { repeated: repeated.length, runs: repeated.reduce((sum, [, group]) => sum + group.length, 0), flakes };
}
