import { parseCount } from '../argv.js';
import type { CommandInput } from '../command.js';
import type { Deps } from '../deps.js';
import { agentFilter, type Selection, selectEpisodes } from '../episodes/select.js';
import type { EpisodeRow } from '../episodes/source.js';
import { CliError, EXIT } from '../error.js';
import { colorsFor } from '../render/color.js';
import { renderStats } from '../render/stats.js';
import { readFormat } from '../shared-options.js';
import { baselineSide } from '../statistics/baseline-side.js';
import { parseShare } from '../statistics/parse-share.js';
import { comparisonOf, type NamedComparison, outcomeOf, reportOf } from '../statistics/stats-report.js';
import { findWorkspace, type Workspace } from '../workspace.js';

const USUAL_KS = [1, 2, 4];
const USUAL_CONFIDENCE = 0.95;

/** `stats`: success rates, pass@k and pass^k of stored runs, and how two sides compare. */
export async function stats(deps: Deps, input: CommandInput): Promise<number> {
  const { io } = deps;
  const format = readFormat(input);
  const ks = readKs(input.text('k'));
  const confidence = readConfidence(input);
  const sides = readSides(input);
  const workspace = await findWorkspace(io, input.text('root'));
  const selection = await selectEpisodes(deps, workspace, input);
  const compared = sides === null ? selection.rows : rowsOfSides(selection, sides);
  const report = reportOf({ ...selection, rows: compared }, { confidence, ks });
  if (sides !== null) report.comparisons.push(compareSides(selection.rows, sides, confidence));
  const baseline = input.text('baseline');
  if (baseline !== undefined) {
    report.comparisons.push(...(await compareWithBaseline(deps, workspace, selection, baseline, confidence)));
  }
  io.stdout(format === 'json' ? `${JSON.stringify(report, null, 2)}\n` : renderStats(report, colorsFor(io)));
  return EXIT.ok;
}

/** `--confidence`, for every command that has it. */
export function readConfidence(input: CommandInput): number {
  const typed = input.text('confidence');
  const confidence = typed === undefined ? USUAL_CONFIDENCE : parseShare('confidence', typed);
  if (confidence > 0 && confidence < 1) return confidence;
  throw new CliError('USAGE', `--confidence must lie between 0 and 1, such as 0.95, got "${typed}"`);
}

function readKs(typed: string | undefined): number[] {
  if (typed === undefined) return USUAL_KS;
  const ks = typed.split(',').map((text) => parseCount('k', 'episodes', text.trim()));
  if (ks.every((k) => k >= 1)) return [...new Set(ks)].sort((one, other) => one - other);
  throw new CliError('USAGE', `--k takes whole numbers from 1 on, such as 1,2,4, got "${typed}"`);
}

function readSides(input: CommandInput): [string, string] | null {
  const [a, b] = input.args;
  if (!input.has('compare')) {
    if (a === undefined) return null;
    throw new CliError('USAGE', `stats takes no argument "${a}"; --compare A B compares two agents`);
  }
  if (input.has('agent')) throw new CliError('USAGE', '--compare names its agents itself; leave --agent out');
  if (a !== undefined && b !== undefined && input.args.length === 2 && a !== b) return [a, b];
  throw new CliError(
    'USAGE',
    `--compare takes two agents, each by its reference or as sha256: and the first digits of its hash, got ${input.args.length === 2 ? 'the same twice' : input.args.length}`,
  );
}

function rowsOfSides({ rows }: Selection, sides: readonly string[]): EpisodeRow[] {
  const kept = rows.filter((row) => sides.some((side) => isOfSide(row, side)));
  for (const side of sides) {
    if (kept.some((row) => isOfSide(row, side))) continue;
    const there = [...new Set(rows.map(({ agent_ref }) => agent_ref))].sort().slice(0, 8);
    throw new CliError('USAGE', `no selected run is of ${side}; there are runs of ${there.join(', ')}`);
  }
  return kept;
}

function isOfSide({ agent_ref, agent_hash }: EpisodeRow, side: string): boolean {
  const { agent, revision } = agentFilter(side);
  return agent === undefined ? (agent_hash ?? '').startsWith(revision ?? side) : agent_ref === agent;
}

function compareSides(rows: readonly EpisodeRow[], [a, b]: readonly [string, string], confidence: number) {
  const side = (name: string) => ({ name, side: rows.filter((row) => isOfSide(row, name)).map(outcomeOf) });
  return comparisonOf(side(a), side(b), confidence);
}

/** Each selected agent, on the tasks that the baseline has of it too. */
async function compareWithBaseline(
  deps: Deps,
  workspace: Workspace,
  { rows, asked }: Selection,
  named: string,
  confidence: number,
): Promise<NamedComparison[]> {
  const file = await (await deps.load.store()).readBaseline(workspace.home, named);
  const agents = [...new Set(rows.map(({ agent_ref }) => agent_ref))].sort();
  return agents.flatMap((agent) => {
    const side = baselineSide(file, agent, asked.task);
    const known = new Set(side.rows.map(({ task_ref }) => task_ref));
    const now = rows.filter((row) => row.agent_ref === agent && known.has(row.task_ref)).map(outcomeOf);
    if (now.length === 0) return [];
    const before = { name: `${side.agent} in ${file.name}`, side: side.outcomes ?? side.counts };
    return [comparisonOf(before, { name: agent, side: now }, confidence)];
  });
}
