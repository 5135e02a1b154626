import type { Loader } from '@tracecore/runner';
import type { TaskFinding } from '@tracecore/tasks/lint';
import type { CommandInput } from '../command.js';
import type { Deps } from '../deps.js';
import { CliError, EXIT } from '../error.js';
import { colorsFor } from '../render/color.js';
import { type CheckedTask, checksJson, renderChecks } from '../render/findings.js';
import { readFormat } from '../shared-options.js';
import { findWorkspace } from '../workspace.js';
import { inBatches, openLoader, openProgram, registeredSubjects, type Subject, subjectsIn } from './tasks-subjects.js';

/** Seeds whose setup is run twice and compared. */
export const VALIDATED_SEEDS = [0, 1, 7];

/** `tasks validate`: whether tasks can be read, loaded and set up, and are set up alike every time. */
export async function tasksValidate(deps: Deps, input: CommandInput): Promise<number> {
  const path = input.text('path');
  if (path !== undefined && input.has('registry')) {
    throw new CliError('USAGE', 'tasks validate takes --path or --registry, not both');
  }
  const format = readFormat(input);
  const workspace = await findWorkspace(deps.io, undefined);
  const subjects =
    path === undefined ? await registeredSubjects(deps, workspace) : await subjectsIn(deps, workspace, path);
  const loader = await openLoader(deps, workspace);
  const checked = await inBatches(subjects, async (subject): Promise<CheckedTask> => {
    const findings = await validateSubject(deps, loader, subject);
    return { task: subject.name, dir: subject.dir, findings };
  });
  deps.io.stdout(format === 'json' ? checksJson(checked) : renderChecks(checked, colorsFor(deps.io)));
  return checked.every(({ findings }) => findings.length === 0) ? EXIT.ok : EXIT.failed;
}

async function validateSubject(deps: Deps, loader: Loader, subject: Subject): Promise<TaskFinding[]> {
  const { folder, findings } = subject;
  if (folder === null) return findings;
  const opened = await openProgram(deps, loader, folder, VALIDATED_SEEDS);
  if ('findings' in opened) return opened.findings;
  return (await deps.load.taskChecks()).validateTask(folder, opened.inspection);
}
