import type { CommandInput } from '../command.js';
import type { Deps } from '../deps.js';
import { EXIT } from '../error.js';
import { colorsFor } from '../render/color.js';
import { type CheckedTask, checksJson, renderChecks } from '../render/findings.js';
import { readFormat } from '../shared-options.js';
import { findWorkspace } from '../workspace.js';
import {
  codeOf,
  findSubject,
  inBatches,
  openLoader,
  openProgram,
  registeredSubjects,
  type Subject,
} from './tasks-subjects.js';

/** Lint looks at one setup only to see which roots and hosts it uses. */
const LINTED_SEEDS = [0];

/** `tasks lint`: what an author should look at although the task runs. Warnings alone leave the exit code at 0. */
export async function tasksLint(deps: Deps, input: CommandInput): Promise<number> {
  const [ref] = input.args;
  const format = readFormat(input);
  const workspace = await findWorkspace(deps.io, undefined);
  const subjects =
    ref === undefined ? await registeredSubjects(deps, workspace) : [await findSubject(deps, workspace, ref)];
  const loader = await openLoader(deps, workspace);
  const { lintTask, notLoaded } = await deps.load.taskChecks();
  const lint = async ({ folder, solver, findings }: Subject) => {
    if (folder === null) return findings;
    const opened = await openProgram(deps, loader, folder, LINTED_SEEDS);
    if ('findings' in opened) return opened.findings;
    const { inspection, task } = opened;
    if (inspection.actions === null) return [notLoaded(folder.ref, inspection.fault ?? 'it gave no reason')];
    return lintTask({ task: folder, inspection, code: codeOf(task), hasSolver: solver !== null });
  };
  const checked = await inBatches(subjects, async (subject): Promise<CheckedTask> => {
    return { task: subject.name, dir: subject.dir, findings: await lint(subject) };
  });
  deps.io.stdout(format === 'json' ? checksJson(checked) : renderChecks(checked, colorsFor(deps.io)));
  const errors = checked.flatMap(({ findings }) => findings).filter(({ severity }) => severity === 'error');
  return errors.length === 0 ? EXIT.ok : EXIT.failed;
}
