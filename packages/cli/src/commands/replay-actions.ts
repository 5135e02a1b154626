import type { LoadedTask } from '@tracecore/tasks';
import type { Deps } from '../deps.js';
import { EXIT } from '../error.js';
import type { Baseline } from '../find-baseline.js';
import { findTask, openTasks } from '../find-task.js';
import { colorsFor } from '../render/color.js';
import { type ActionsCheck, actionsJson, renderActions } from '../render/replay.js';
import { withVerifier } from '../with-verifier.js';
import type { Workspace } from '../workspace.js';

/** `replay --actions`: the recorded actions played against the task, without the agent. Nothing is written. */
export async function replayActions(
  deps: Deps,
  workspace: Workspace,
  { baseline, task: asked, json }: { baseline: Baseline; task: string; json: boolean },
): Promise<number> {
  const { artifact } = baseline;
  const { rederive } = await deps.load.runner();
  const folder = await findTask(deps, await openTasks(deps, workspace), asked);
  return withVerifier(deps, workspace, undefined, async ({ loader, runner }) => {
    const task = await loader.task(folder);
    const sameTask = taskCheck(artifact.task_hash, task);
    const scope = sameTask.code === 'TASK_HASH_FOREIGN' ? 'verdict' : 'whole';
    const checks = [sameTask, scoreCheck(await rederive(artifact, task, runner, scope), scope)];
    const ok = checks.every(({ status }) => status !== 'fail');
    const view = { baseline, checks, ok };
    deps.io.stdout(json ? actionsJson(view) : renderActions(view, colorsFor(deps.io)));
    return ok ? EXIT.ok : EXIT.failed;
  });
}

function taskCheck(recorded: string, { hash, reference_task_hash }: Pick<LoadedTask, 'hash' | 'reference_task_hash'>) {
  const check = 'task_hash';
  const isForeign = !recorded.startsWith('sha256:');
  const here = isForeign ? reference_task_hash : hash;
  if (recorded === here) {
    return { check, status: 'ok', code: 'OK', message: 'the task is the one of the record' } satisfies ActionsCheck;
  }
  return {
    check,
    status: here === undefined ? 'skip' : 'fail',
    code: here === undefined ? 'TASK_HASH_FOREIGN' : 'TASK_HASH_DIFFERS',
    message: `/task_hash is ${recorded}, the task here has ${here ?? hash}`,
    pointer: '/task_hash',
  } satisfies ActionsCheck;
}

function scoreCheck(found: { pointer: string; message: string } | null, scope: 'whole' | 'verdict'): ActionsCheck {
  const check = 're-derivation';
  if (found !== null) return { check, status: 'fail', code: 'SCORE_DIFFERS', ...found };
  if (scope === 'whole') {
    return { check, status: 'ok', code: 'OK', message: 'the recorded actions lead to the recorded score' };
  }
  const message = 'the recorded actions lead to the recorded verdict; what they returned is not compared';
  return { check, status: 'ok', code: 'VERDICT_ONLY', message };
}
