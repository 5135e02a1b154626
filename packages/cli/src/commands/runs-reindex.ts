import { join } from 'node:path';
import type { CommandInput } from '../command.js';
import type { Deps } from '../deps.js';
import { EXIT } from '../error.js';
import { indexNotes } from '../with-index.js';
import { findWorkspace, shownPath } from '../workspace.js';
import { tellSkipped } from './runs-list.js';

/** `runs reindex`: reads every run again, whatever the index says of it. */
export async function runsReindex(deps: Deps, input: CommandInput): Promise<number> {
  const { io, load } = deps;
  const workspace = await findWorkspace(io, input.text('root'));
  const index = await (await load.runIndex()).reindexRuns(workspace.home, indexNotes(deps));
  try {
    const [runs, skipped] = [await index.count(), await index.skipped()];
    const folder = shownPath(join(workspace.home, 'runs'), io.cwd);
    io.stdout(`${folder}: ${runs} ${runs === 1 ? 'run' : 'runs'} in the index, ${skipped.length} skipped\n`);
    tellSkipped(deps, workspace, skipped);
  } finally {
    await index.close();
  }
  return EXIT.ok;
}
