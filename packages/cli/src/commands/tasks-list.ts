import type { CommandInput } from '../command.js';
import type { Deps } from '../deps.js';
import { EXIT } from '../error.js';
import { openTasks, reportFaults } from '../find-task.js';
import { renderTaskList, taskListJson } from '../render/tasks.js';
import { readFormat } from '../shared-options.js';
import { findWorkspace } from '../workspace.js';

/** `tasks list`: every task that `run` finds by reference, with where it comes from. */
export async function tasksList(deps: Deps, input: CommandInput): Promise<number> {
  const format = readFormat(input);
  const workspace = await findWorkspace(deps.io, undefined);
  const registry = await openTasks(deps, workspace);
  const listings = await registry.list();
  const show = format === 'json' ? taskListJson : renderTaskList;
  deps.io.stdout(show(listings, workspace.root));
  reportFaults(deps, registry);
  return EXIT.ok;
}
