import type { CertifiedBundle } from '@tracecore/bundle/leaderboard';
import type { VerifyCheck } from '@tracecore/runner';
import type { Deps } from './deps.js';
import { CliError } from './error.js';
import { withVerifier } from './with-verifier.js';
import type { Workspace } from './workspace.js';

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
  const { verifyArtifact } = await deps.load.runner();
  const { checks } = await withVerifier(deps, workspace, taskFolder, (dependencies) =>
    verifyArtifact(bundle.value, bundle.text, dependencies),
  );
  const failed = checks.find(({ status }) => status === 'fail');
  const derived = checks.find(({ check }) => check === 're-derivation');
  const isWhole = derived?.code === 'OK';
  const wrong = failed ?? (isWhole ? undefined : derived);
  if (failed === undefined && isWhole) return;
  const why = wrong === undefined ? 'the score was not derived' : `${wrong.check} ${wrong.code}: ${wrong.message}`;
  throw new CliError('CHECK_FAILED', `the run ${bundle.run_id} is not taken${placeOf(wrong)}; ${why}`);
}

function placeOf(check: VerifyCheck | undefined): string {
  if (check?.code !== 'SCORE_DIFFERS') return '';
  const [, index] = /^\/action_trace\/(\d+)/.exec(check.pointer ?? '') ?? [];
  return index === undefined ? ': it disagrees after its last step' : `: it disagrees at step ${Number(index) + 1}`;
}
