import { resolve } from 'node:path';
import { diffArtifacts } from '@tracecore/artifact';
import type { CommandInput } from './command.js';
import type { Deps } from './deps.js';
import { CliError, EXIT } from './error.js';
import { readRecord } from './read-record.js';
import { colorsFor } from './render/color.js';
import { renderDiffPretty } from './render/diff-pretty.js';
import { renderDiffText } from './render/diff-text.js';
import { type DiffView, diffJson, type Side, statusOf } from './render/diff-view.js';
import { printable } from './render/printable.js';
import { findWorkspace, shownPath, type Workspace } from './workspace.js';

const FORMATS = ['pretty', 'text', 'json'] as const;
type Format = (typeof FORMATS)[number];

const EXIT_OF = { identical: EXIT.ok, different: EXIT.failed, incompatible: EXIT.usage } as const;

/** Columns of output that nobody has told the width of. */
const USUAL_WIDTH = 120;

/** A side with the bytes it was read from. */
interface ReadSide extends Side {
  text: string;
}

/**
 * Compares each of the arguments with the first, prints that, and writes it to the folder of `--bundle`.
 * @returns the exit code of the gravest status.
 * @throws {CliError} USAGE for a wrong format and for a file that is no artifact.
 * @throws {BundleError} OUTPUT_EXISTS, OUTPUT_UNWRITABLE; nothing is printed then.
 */
export async function compareRuns(deps: Deps, input: CommandInput): Promise<number> {
  const format = formatOf(input);
  const workspace = await findWorkspace(deps.io, input.text('root'));
  const sides: ReadSide[] = [];
  for (const ref of input.args) sides.push(await readSide(deps, workspace, ref, sides.length));
  const view = viewOf(sides, input.has('steps'));
  const out = input.text('bundle');
  const written = out === undefined ? null : await writeComparison(deps, view, sides, out);
  deps.io.stdout(render(deps, view, format));
  // JSON has to stay JSON, so there the digest goes beside it.
  if (written !== null) (format === 'json' ? deps.io.stderr : deps.io.stdout)(written);
  const { baseline, compared } = view;
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

function viewOf(sides: readonly Side[], allSteps: boolean): DiffView {
  const [baseline, ...others] = sides as [Side, ...Side[]];
  const compared = others.map((side) => ({ side, diff: diffArtifacts(baseline.artifact, side.artifact) }));
  return { baseline, compared, allSteps };
}

/** The folder names its own files, so that whoever has it gets the same comparison from them. */
async function writeComparison(deps: Deps, view: DiffView, sides: readonly ReadSide[], out: string): Promise<string> {
  const nameOf = (side: Side) => `artifact-${sides.findIndex(({ label }) => label === side.label) + 1}.json`;
  const named = (side: Side) => ({ ...side, file: nameOf(side) });
  const within: DiffView = {
    ...view,
    baseline: named(view.baseline),
    compared: view.compared.map(({ side, diff }) => ({ side: named(side), diff })),
  };
  const texts = new Map(sides.map((side) => [nameOf(side), side.text]));
  const { writeOutput } = await deps.load.bundle();
  const dir = resolve(deps.io.cwd, out);
  const { digest } = await writeOutput(dir, new Map([['comparison.json', diffJson(within)], ...texts]));
  return `comparison: ${printable(shownPath(dir, deps.io.cwd))} ${digest}\n`;
}

async function readSide(deps: Deps, workspace: Workspace, ref: string, index: number): Promise<ReadSide> {
  const { path, artifact, text } = await readRecord(deps, workspace, ref);
  return { label: labelOf(index), file: shownPath(path, deps.io.cwd), artifact, text };
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
