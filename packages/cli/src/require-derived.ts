import { resolve } from 'node:path';
import type { CertifiedBundle } from '@tracecore/bundle/leaderboard';
import type { VerifyCheck, VerifyReport } from '@tracecore/runner';
import type { Deps } from './deps.js';
import { CliError } from './error.js';
import { openTasks, withFolder } from './find-task.js';
import { confinementOf, isThere, type Workspace } from './workspace.js';

/**
 * Requires that the score of a bundle's run follows from its recorded actions, here and now.
 * @param taskFolder the folder of a task that is not built in, as it was typed.
 * @throws {CliError} CHECK_FAILED, naming the step that disagrees, or why the score could not be derived.
 */
export async function requireDerived(
  deps: Deps,
  workspace: Workspace,
  taskFolder: string | undefined,
  bundle: CertifiedBundle,
): Promise<void> {
  const { checks } = await derive(deps, workspace, taskFolder, bundle);
  const failed = checks.find(({ status }) => status === 'fail');
  const derived = checks.find(({ check }) => check === 're-derivation');
  const wrong = failed ?? (derived?.status === 'ok' ? undefined : derived);
  if (failed === undefined && derived?.status === 'ok') return;
  const why = wrong === undefined ? 'the score was not derived' : `${wrong.check} ${wrong.code}: ${wrong.message}`;
  throw new CliError('CHECK_FAILED', `the run ${bundle.run_id} is not taken${placeOf(wrong)}; ${why}`);
}

async function derive(
  deps: Deps,
  workspace: Workspace,
  taskFolder: string | undefined,
  { value, text }: CertifiedBundle,
): Promise<VerifyReport> {
  const { createLoader, createRunner, verifyArtifact } = await deps.load.runner();
  const tasks = await openTasks(deps, workspace);
  const { readTaskFolder } = await deps.load.tasks();
  const registry =
    taskFolder === undefined ? tasks : withFolder(tasks, await readTaskFolder(resolve(deps.io.cwd, taskFolder)));
  const cacheDir = (await isThere(workspace.home)) ? workspace.cacheDir : null;
  const { read } = workspace.config.isolation;
  const loader = createLoader({ workspaceRoot: workspace.root, cacheDir, read });
  const runner = createRunner({ quickStart: true, ...confinementOf(workspace) });
  try {
    return await verifyArtifact(value, text, { registry, loader, runner });
  } finally {
    await runner.close();
  }
}

function placeOf(check: VerifyCheck | undefined): string {
  if (check?.code !== 'SCORE_DIFFERS') return '';
  const [, index] = /^\/action_trace\/(\d+)/.exec(check.pointer ?? '') ?? [];
  return index === undefined ? ': it disagrees after its last step' : `: it disagrees at step ${Number(index) + 1}`;
}
