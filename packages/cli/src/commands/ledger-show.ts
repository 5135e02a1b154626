import type { CommandInput } from '../command.js';
import type { Deps } from '../deps.js';
import { CliError, EXIT } from '../error.js';
import { findLedger } from '../find-ledger.js';
import { colorsFor } from '../render/color.js';
import { renderEntry } from '../render/ledger.js';
import { findWorkspace } from '../workspace.js';

/** `ledger show`: one entry, whole. */
export async function ledgerShow(deps: Deps, input: CommandInput): Promise<number> {
  const { io } = deps;
  const [named] = input.args;
  if (named === undefined)
    throw new CliError('USAGE', 'ledger show needs an entry: its index, or the beginning of its hash');
  const place = await findLedger(deps, await findWorkspace(io, input.text('root')), input);
  const { findEntry, openLedger } = await deps.load.ledger();
  const ledger = await openLedger(place.dir, place.options);
  const found = await findEntry(ledger, named);
  await place.keep(ledger);
  const { index, leaf_hash, entry } = found;
  io.stdout(
    input.has('json')
      ? `${JSON.stringify({ index, leaf_hash, ...entry }, null, 2)}\n`
      : renderEntry(found, colorsFor(io)),
  );
  return EXIT.ok;
}
