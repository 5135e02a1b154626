import { resolve } from 'node:path';
import { diffArtifacts } from '@tracecore/artifact';
import type { CommandInput } from '../command.js';
import type { Deps } from '../deps.js';
import { CliError, describeError, EXIT, isCoded } from '../error.js';
import { findRun } from '../find-run.js';
import { colorsFor } from '../render/color.js';
import { renderDiffPretty } from '../render/diff-pretty.js';
import { renderDiffText } from '../render/diff-text.js';
import { type DiffView, diffJson, type Side, statusOf } from '../render/diff-view.js';
import { printable } from '../render/printable.js';
import { findWorkspace, isThere, shownPath, type Workspace } from '../workspace.js';

const FORMATS = ['pretty', 'text', 'json'] as const;
type Format = (typeof FORMATS)[number];

const EXIT_OF = { identical: EXIT.ok, different: EXIT.failed, incompatible: EXIT.usage } as const;

/** Columns of output that nobody has told the width of. */
const USUAL_WIDTH = 120;

/** `diff`: each run or file against the first. It shows what the files say; `verify` tells whether that is true. */
export async function diff(deps: Deps, input: CommandInput): Promise<number> {
  const format = formatOf(input);
  if (input.args.length < 2) {
    const message = `diff takes two or more runs or files, got ${input.args.length}; each is an id, latest or a file`;
    throw new CliError('USAGE', message);
  }
  const workspace = await findWorkspace(deps.io, input.text('root'));
  const sides: Side[] = [];
  for (const ref of input.args) sides.push(await readSide(deps, workspace, ref, sides.length));
  const [baseline, ...others] = sides as [Side, ...Side[]];
  const compared = others.map((side) => ({ side, diff: diffArtifacts(baseline.artifact, side.artifact) }));
  const view: DiffView = { baseline, compared, allSteps: input.has('steps') };
  deps.io.stdout(render(deps, view, format));
  for (const { side, diff } of compared) {
    if (diff.status !== 'incompatible') continue;
    const tasks = `${side.artifact.task_ref}, expected ${baseline.artifact.task_ref} as in ${baseline.file}`;
    deps.io.stderr(`tracecore: incompatible: ${printable(`${side.file} is a run of ${tasks}`)}\n`);
  }
  return EXIT_OF[statusOf(view)];
}

function formatOf(input: CommandInput): Format {
  const given = input.text('format');
  const format = FORMATS.find((known) => known === (given ?? (input.has('json') ? 'json' : 'pretty')));
  if (format === undefined) throw new CliError('USAGE', `--format must be pretty, text or json, got "${given}"`);
  if (input.has('json') && format !== 'json') {
    throw new CliError('USAGE', `--json and --format ${format} exclude each other; give one`);
  }
  return format;
}

async function readSide(deps: Deps, workspace: Workspace, ref: string, index: number): Promise<Side> {
  const path = await pathOf(deps, workspace, ref);
  const { readArtifactFile } = await deps.load.artifact();
  const { artifact } = await readArtifactFile(path).catch((error: unknown) => {
    // Exit code 1 says that artifacts differ, so a file that is none must not end in it.
    throw isCoded(error) ? new CliError('USAGE', describeError(error, false)) : error;
  });
  return { label: labelOf(index), file: shownPath(path, deps.io.cwd), artifact };
}

/** What looks like a path, or is there as a file, is a file; anything else names a run. */
async function pathOf(deps: Deps, workspace: Workspace, ref: string): Promise<string> {
  if (ref === 'latest') return (await findRun(deps, workspace, undefined)).file;
  const path = resolve(deps.io.cwd, ref);
  if (/[/\\]|\.json$/.test(ref) || (await isThere(path))) return path;
  return (await findRun(deps, workspace, ref)).file;
}

function labelOf(index: number): string {
  return index < 26 ? String.fromCharCode(65 + index) : `#${index + 1}`;
}

function render({ io }: Deps, view: DiffView, format: Format): string {
  if (format === 'json') return diffJson(view);
  if (format === 'text') return renderDiffText(view);
  const told = Number(io.env.COLUMNS);
  return renderDiffPretty(view, colorsFor(io), told >= 40 && told <= 500 ? Math.floor(told) : USUAL_WIDTH);
}
