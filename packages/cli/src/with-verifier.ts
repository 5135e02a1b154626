import { resolve } from 'node:path';
import type { VerifyDependencies } from '@tracecore/runner';
import type { Deps } from './deps.js';
import { openTasks, withFolder } from './find-task.js';
import { confinementOf, isThere, type Workspace } from './workspace.js';

/**
 * Opens what scores are derived again with, and ends its worker afterwards, whatever happens.
 * @param taskFolder the folder of a task that is not built in, as it was typed.
 * @throws {TasksError} when that folder holds no task.
 */
export async function withVerifier<T>(
  deps: Deps,
  workspace: Workspace,
  taskFolder: string | undefined,
  body: (dependencies: VerifyDependencies) => Promise<T>,
): Promise<T> {
  const { createLoader, createRunner } = await deps.load.runner();
  const tasks = await openTasks(deps, workspace);
  const { readTaskFolder } = await deps.load.tasks();
  const registry =
    taskFolder === undefined ? tasks : withFolder(tasks, await readTaskFolder(resolve(deps.io.cwd, taskFolder)));
  // Checking must not leave a workspace behind where there was none.
  const cacheDir = (await isThere(workspace.home)) ? workspace.cacheDir : null;
  const { read } = workspace.config.isolation;
  const loader = createLoader({ workspaceRoot: workspace.root, cacheDir, read });
  const runner = createRunner({ quickStart: true, ...confinementOf(workspace) });
  try {
    return await body({ registry, loader, runner });
  } finally {
    await runner.close();
  }
}
