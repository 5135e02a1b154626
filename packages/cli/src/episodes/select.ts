import type { CommandInput } from '../command.js';
import type { Deps } from '../deps.js';
import { CliError } from '../error.js';
import { printable } from '../render/printable.js';
import { parseSince } from '../since.js';
import { shownPath, type Workspace } from '../workspace.js';
import { batchRuns } from './batch-runs.js';
import { type EpisodeFilter, type EpisodeRow, type EpisodeSource, openEpisodes } from './source.js';

/** Pairs that an error names before it says how many more there are. */
const PAIRS_NAMED = 8;

/** Episodes that were asked for, and how. */
export interface Selection {
  /** Newest first, each counted once. */
  rows: EpisodeRow[];
  source: EpisodeSource;
  /** What was typed; the time is told as a moment, since 7d means another one tomorrow. */
  asked: { agent: string | null; task: string | null; since: string | null; batch: string | null };
  /** Runs that repeat another with the same inputs and the same hash: the same episode once more. */
  repeats: number;
  /** Jobs of the batch that the machinery failed; null without a batch. */
  infrastructure: number | null;
}

/** How much of the selection a command takes. */
export interface SelectOptions {
  /** Keep runs that repeat another. */
  keepRepeats?: boolean;
}

/**
 * The episodes that `--agent --task --since --batch` ask for. Files that are no runs are named on stderr.
 * @throws {CliError} USAGE for a wrong option, and for a selection without a run, which says what there is.
 */
export async function selectEpisodes(
  deps: Deps,
  workspace: Workspace,
  input: CommandInput,
  { keepRepeats = false }: SelectOptions = {},
): Promise<Selection> {
  const asked = askedOf(input);
  const source = openEpisodes(deps, workspace);
  const since = asked.since === null ? {} : { since: new Date(asked.since) };
  const task = asked.task === null ? {} : { task: asked.task };
  const found = await source.find({ ...agentFilter(asked.agent), ...task, ...since });
  const batch = asked.batch === null ? null : await batchRuns(deps, workspace, asked.batch);
  const rows = batch === null ? found.rows : found.rows.filter(({ run_id }) => batch.runs.has(run_id));
  for (const { file, reason } of found.skipped) {
    deps.io.stderr(`tracecore: skipped ${printable(file)}: ${printable(reason)}\n`);
  }
  if (rows.length === 0) throw await nothingFound(deps, workspace, source, asked);
  const distinct = keepRepeats ? rows : withoutRepeats(rows);
  return {
    rows: distinct,
    source,
    asked,
    repeats: rows.length - distinct.length,
    infrastructure: batch?.infrastructure ?? null,
  };
}

/** An agent by its reference, or one of its revisions by the beginning of its hash. */
export function agentFilter(named: string | null): Pick<EpisodeFilter, 'agent' | 'revision'> {
  if (named === null) return {};
  if (!named.startsWith('sha256:')) return { agent: named.replace(/^\.\//, '') };
  if (/^sha256:[0-9a-f]{6,64}$/.test(named)) return { revision: named };
  throw new CliError('USAGE', `a revision is sha256: and 6 or more digits of the agent's hash, got "${named}"`);
}

/** Each inputs and outcome once: an episode that is played again with the same result tells nothing new. */
function withoutRepeats(rows: readonly EpisodeRow[]): EpisodeRow[] {
  const seen = new Set<string>();
  return rows.filter(({ inputs, artifact_hash }) => {
    if (inputs === null) return true;
    const key = `${artifact_hash} ${inputs}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function askedOf(input: CommandInput): Selection['asked'] {
  const typed = (option: string) => input.text(option) ?? null;
  const when = typed('since');
  const since = when === null ? null : parseSince(when, new Date()).toISOString();
  return { agent: typed('agent'), task: typed('task'), since, batch: typed('batch') };
}

async function nothingFound(
  { io }: Deps,
  { home }: Workspace,
  source: EpisodeSource,
  asked: Selection['asked'],
): Promise<CliError> {
  const pairs = await source.pairs();
  const runs = shownPath(`${home}/runs`, io.cwd);
  if (pairs.length === 0) {
    return new CliError(
      'USAGE',
      `there is no run in ${runs} yet; make one with: tracecore run pairing log_stream_monitor`,
    );
  }
  const given = Object.entries(asked).flatMap(([option, value]) => (value === null ? [] : [`--${option} ${value}`]));
  const named = pairs.slice(0, PAIRS_NAMED).map(({ agent_ref, task_ref }) => `${agent_ref} on ${task_ref}`);
  const more = pairs.length > PAIRS_NAMED ? ` and ${pairs.length - PAIRS_NAMED} more` : '';
  return new CliError('USAGE', `no run in ${runs} is of ${given.join(' ')}; there is ${named.join(', ')}${more}`);
}
