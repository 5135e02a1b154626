import type { PlacedEntry } from '@tracecore/bundle/ledger';
import type { CommandInput } from '../command.js';
import type { Deps } from '../deps.js';
import { EXIT, isCoded } from '../error.js';
import { findLedger } from '../find-ledger.js';
import { colorsFor } from '../render/color.js';
import { renderLedger } from '../render/ledger.js';
import { findWorkspace } from '../workspace.js';

/** `ledger`: every certified agent, in the order they were published. */
export async function ledgerList(deps: Deps, input: CommandInput): Promise<number> {
  const { io } = deps;
  const workspace = await findWorkspace(io, input.text('root'));
  const place = await findLedger(deps, workspace, input);
  const { openLedger, placed } = await deps.load.ledger();
  const entries: PlacedEntry[] = [];
  try {
    const ledger = await openLedger(place.dir, place.options);
    for await (const { index, bytes } of ledger.entries()) entries.push(placed(index, bytes));
    await place.keep(ledger);
  } catch (error) {
    if (!isCoded(error) || error.code !== 'LEDGER_NOT_FOUND' || input.has('dir')) throw error;
  }
  if (input.has('json')) {
    const rows = entries.map(({ index, leaf_hash, entry }) => ({ index, leaf_hash, ...entry }));
    io.stdout(`${JSON.stringify({ version: 1, entries: rows }, null, 2)}\n`);
  } else io.stdout(renderLedger(place.shown, entries, colorsFor(io)));
  return EXIT.ok;
}
