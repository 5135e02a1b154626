import type { CommandInput } from '../command.js';
import type { Deps } from '../deps.js';
import { EXIT } from '../error.js';
import { colorsFor } from '../render/color.js';
import { renderMigration } from '../render/migration.js';
import { findWorkspace, shownPath } from '../workspace.js';

/** `runs migrate`: old run files, brought to v1.0 or, without `--write`, told what would be done. */
export async function runsMigrate(deps: Deps, input: CommandInput): Promise<number> {
  const { io, load } = deps;
  const workspace = await findWorkspace(io, input.text('root'));
  const write = input.has('write');
  const found = await (await load.store()).migrateRuns(workspace.home, { write });
  const lines = found.map((line) => ({ ...line, backup: line.backup && shownPath(line.backup, io.cwd) }));
  io.stdout(
    input.has('json')
      ? `${JSON.stringify({ write, runs: lines }, null, 2)}\n`
      : renderMigration(shownPath(workspace.home, io.cwd), lines, colorsFor(io)),
  );
  const toDo = lines.some(({ state }) => state === 'would_change' || state === 'failed');
  return toDo ? EXIT.failed : EXIT.ok;
}
