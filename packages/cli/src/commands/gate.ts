import type { CommandInput } from '../command.js';
import type { Deps } from '../deps.js';
import { selectEpisodes } from '../episodes/select.js';
import { CliError, EXIT } from '../error.js';
import { colorsFor } from '../render/color.js';
import { renderGate } from '../render/gate.js';
import { readFormat } from '../shared-options.js';
import { type GateClaims, gateQuestion } from '../statistics/gate-question.js';
import { gateReport } from '../statistics/gate-report.js';
import { parseShare } from '../statistics/parse-share.js';
import { findWorkspace } from '../workspace.js';

/** How much may be lost where neither claim is made. */
const USUAL_REGRESSION = 0.05;
const USUAL_ALPHA = 0.05;

const EXIT_OF = { PASS: EXIT.ok, FAIL: EXIT.failed, INCONCLUSIVE: EXIT.undecided } as const;

/** `gate`: whether runs since a baseline are good enough, or too few to tell. */
export async function gate(deps: Deps, input: CommandInput): Promise<number> {
  const { io } = deps;
  const format = readFormat(input);
  const claims = readClaims(input);
  const named = input.text('baseline');
  if (named === undefined) {
    throw new CliError('USAGE', 'gate needs --baseline NAME; tracecore baseline --export NAME makes one');
  }
  const workspace = await findWorkspace(io, input.text('root'));
  const baseline = await (await deps.load.store()).readBaseline(workspace.home, named);
  const { rows, asked } = await selectEpisodes(deps, workspace, input);
  const report = gateReport(gateQuestion(rows, baseline, asked.task, claims), baseline);
  io.stdout(format === 'json' ? `${JSON.stringify(report, null, 2)}\n` : renderGate(report, colorsFor(io)));
  return EXIT_OF[report.verdict];
}

function readClaims(input: CommandInput): GateClaims {
  const share = (option: string) => {
    const typed = input.text(option);
    return typed === undefined ? null : parseShare(option, typed);
  };
  const [minRate, maxRegression, alpha] = [share('min-rate'), share('max-regression'), share('alpha') ?? USUAL_ALPHA];
  if (minRate !== null && !(minRate > 0 && minRate <= 1)) {
    throw new CliError('USAGE', `--min-rate must be above 0 and at most 1, got "${input.text('min-rate')}"`);
  }
  if (maxRegression !== null && maxRegression >= 1) {
    throw new CliError('USAGE', `--max-regression must be below 1, got "${input.text('max-regression')}"`);
  }
  if (!(alpha > 0 && alpha < 0.5)) {
    throw new CliError('USAGE', `--alpha must lie between 0 and 0.5, such as 0.05, got "${input.text('alpha')}"`);
  }
  const isBare = minRate === null && maxRegression === null;
  return { minRate, maxRegression: isBare ? USUAL_REGRESSION : maxRegression, alpha };
}
