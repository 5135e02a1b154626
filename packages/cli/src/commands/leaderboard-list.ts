import { join } from 'node:path';
import type { CommandInput } from '../command.js';
import type { Deps } from '../deps.js';
import { EXIT } from '../error.js';
import { renderLeaderboard } from '../render/leaderboard.js';
import { printable } from '../render/printable.js';
import { findWorkspace, shownPath, type Workspace } from '../workspace.js';

/** The folder of a workspace's records. It may not exist yet. */
export function leaderboardOf({ home }: Workspace): string {
  return join(home, 'leaderboard');
}

/** `leaderboard`: the agents of each task, best first. */
export async function leaderboardList(deps: Deps, input: CommandInput): Promise<number> {
  const { io } = deps;
  const dir = leaderboardOf(await findWorkspace(io, input.text('root')));
  const { rankAgents, readBoard } = await deps.load.leaderboard();
  const { records, skipped } = await readBoard(dir);
  const shown = shownPath(dir, io.cwd);
  for (const { file, reason } of skipped) {
    io.stderr(`tracecore: skipped ${printable(join(shown, file))}: ${printable(reason)}\n`);
  }
  const tasks = rankAgents(records);
  io.stdout(
    input.has('json') ? `${JSON.stringify({ version: 1, tasks }, null, 2)}\n` : renderLeaderboard(shown, tasks),
  );
  return EXIT.ok;
}
