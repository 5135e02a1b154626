import type { CommandInput } from '../command.js';
import type { Deps } from '../deps.js';
import { CliError, EXIT } from '../error.js';
import { colorsFor } from '../render/color.js';
import { renderRecord } from '../render/leaderboard.js';
import { findWorkspace } from '../workspace.js';
import { leaderboardOf } from './leaderboard-list.js';

/** `leaderboard show`: one submitted run. */
export async function leaderboardShow(deps: Deps, input: CommandInput): Promise<number> {
  const { io } = deps;
  const [named] = input.args;
  if (named === undefined)
    throw new CliError('USAGE', 'leaderboard show needs a run: its id, or the first 6 digits of it');
  const workspace = await findWorkspace(io, input.text('root'));
  const { findRecord } = await deps.load.leaderboard();
  const record = await findRecord(leaderboardOf(workspace), named);
  io.stdout(input.has('json') ? `${JSON.stringify(record, null, 2)}\n` : renderRecord(record, colorsFor(io)));
  return EXIT.ok;
}
