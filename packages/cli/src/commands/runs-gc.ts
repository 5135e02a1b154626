import type { CommandInput } from '../command.js';
import type { Deps } from '../deps.js';
import { CliError, EXIT } from '../error.js';
import { renderCollected } from '../render/runs.js';
import { readRunFilter } from '../run-filter.js';
import { readFormat } from '../shared-options.js';
import { withIndex } from '../with-index.js';
import { findWorkspace } from '../workspace.js';

/** `runs gc`: removes all but the newest runs, or says what it would remove. */
export async function runsGc(deps: Deps, input: CommandInput): Promise<number> {
  const { io, load } = deps;
  const format = readFormat(input);
  const keep = readKeep(input);
  const { agent, task } = readRunFilter(input, new Date());
  const filter = { ...(agent === undefined ? {} : { agent }), ...(task === undefined ? {} : { task }) };
  const write = input.has('write');
  const workspace = await findWorkspace(io, input.text('root'));
  const { collectRuns } = await load.runIndex();
  return withIndex(deps, workspace, async (index) => {
    const collected = await collectRuns(index, workspace.home, { keep, filter, write });
    io.stdout(
      format === 'json'
        ? `${JSON.stringify({ version: 1, write, keep, ...collected }, null, 2)}\n`
        : renderCollected(collected, write),
    );
    return collected.removed.some(({ error }) => error !== null) ? EXIT.failed : EXIT.ok;
  });
}

function readKeep(input: CommandInput): number {
  const text = input.text('keep');
  if (text === undefined) throw new CliError('USAGE', 'runs gc needs --keep N: how many of the newest runs stay');
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new CliError('USAGE', `--keep takes a whole number, got "${text}"`);
}
