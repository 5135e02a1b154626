import type { CommandInput } from '../command.js';
import type { Deps } from '../deps.js';
import { CliError, EXIT } from '../error.js';
import { findBundle } from '../find-bundle.js';
import { readTrusted } from '../read-trusted.js';
import { colorsFor } from '../render/color.js';
import { renderSubmitted } from '../render/leaderboard.js';
import { requireDerived } from '../require-derived.js';
import { findWorkspace } from '../workspace.js';
import { leaderboardOf } from './leaderboard-list.js';

/** `leaderboard submit`: a run whose bundle is signed by a trusted key and whose score is derived here again. */
export async function leaderboardSubmit(deps: Deps, input: CommandInput): Promise<number> {
  const { io } = deps;
  const named = input.text('bundle');
  if (named === undefined) {
    throw new CliError('USAGE', 'leaderboard submit needs --bundle: the folder of a bundle, or the id of its run');
  }
  const workspace = await findWorkspace(io, input.text('root'));
  const dir = await findBundle(deps, workspace, named);
  const trust = await readTrusted(deps, workspace, {
    keys: input.list('key'),
    folder: input.text('trust'),
    bundle: dir,
  });
  const { putRecord, readCertified } = await deps.load.leaderboard();
  const bundle = await readCertified(dir, trust);
  await requireDerived(deps, workspace, input.text('task'), bundle);
  const { record, state } = await putRecord(leaderboardOf(workspace), bundle, new Date());
  io.stdout(
    input.has('json')
      ? `${JSON.stringify({ state, ...record }, null, 2)}\n`
      : renderSubmitted(record, state, input.text('root'), colorsFor(io)),
  );
  return EXIT.ok;
}
