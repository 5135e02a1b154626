import { join } from 'node:path';
import type { CommandInput } from '../command.js';
import type { Deps } from '../deps.js';
import { CliError, EXIT } from '../error.js';
import { colorsFor } from '../render/color.js';
import { printable } from '../render/printable.js';
import { renderTask, type TaskView, taskJson } from '../render/task.js';
import { readFormat } from '../shared-options.js';
import { findWorkspace } from '../workspace.js';
import { findSubject, openLoader, openProgram } from './tasks-subjects.js';

/** `tasks show`: what one task asks for, with the actions as its program describes them. */
export async function tasksShow(deps: Deps, input: CommandInput): Promise<number> {
  const [ref] = input.args;
  if (ref === undefined) throw new CliError('USAGE', 'tasks show needs a task: its id, id@version, or its folder');
  const format = readFormat(input);
  const workspace = await findWorkspace(deps.io, undefined);
  const subject = await findSubject(deps, workspace, ref);
  const { folder, origin, solver } = subject;
  if (folder === null) throw new CliError('CHECK_FAILED', `${ref} cannot be read`);
  const { freezeStateOf, readFreezeTable } = await deps.load.tasks();
  const table = await readFreezeTable(join(deps.builtinRoot, 'tasks', 'SPEC_FREEZE.json'));
  const opened = await openProgram(deps, await openLoader(deps, workspace), folder, []);
  const fault = 'findings' in opened ? (opened.findings[0]?.message ?? null) : opened.inspection.fault;
  const view: TaskView = {
    folder,
    origin,
    solver,
    workspaceRoot: workspace.root,
    freeze: freezeStateOf(table, folder).state,
    actions: 'inspection' in opened ? opened.inspection.actions : null,
  };
  deps.io.stdout(format === 'json' ? taskJson(view) : renderTask(view, colorsFor(deps.io)));
  if (view.actions !== null) return EXIT.ok;
  deps.io.stderr(`tracecore: ${folder.ref}: ${printable(fault ?? 'the program cannot be loaded')}\n`);
  return EXIT.failed;
}
