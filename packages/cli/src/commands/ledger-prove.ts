import { resolve } from 'node:path';
import type { CommandInput } from '../command.js';
import type { Deps } from '../deps.js';
import { CliError, EXIT } from '../error.js';
import { findLedger } from '../find-ledger.js';
import { colorsFor } from '../render/color.js';
import { renderProven } from '../render/ledger.js';
import { findWorkspace, shownPath } from '../workspace.js';

/** `ledger prove`: a proof that is checked with nothing but the log's public key. */
export async function ledgerProve(deps: Deps, input: CommandInput): Promise<number> {
  const { io } = deps;
  const [named] = input.args;
  if (named === undefined)
    throw new CliError('USAGE', 'ledger prove needs an entry: its index, or the beginning of its hash');
  const place = await findLedger(deps, await findWorkspace(io, input.text('root')), input);
  const { findEntry, openLedger, proveEntry, readKnown, requireSigned } = await deps.load.ledger();
  const older = input.text('from');
  const from = older === undefined ? undefined : await readKnown(resolve(io.cwd, older));
  if (from === null) throw new CliError('USAGE', `--from: there is no ${older}`);
  if (from !== undefined) requireSigned(from, place.options);
  const ledger = await openLedger(place.dir, place.options);
  const found = await findEntry(ledger, named);
  const text = `${JSON.stringify(await proveEntry(ledger, found, from), null, 2)}\n`;
  await place.keep(ledger);
  const out = input.text('out');
  if (out === undefined || input.has('json')) io.stdout(text);
  if (out === undefined) return EXIT.ok;
  const file = resolve(io.cwd, out);
  await (await deps.load.artifact()).writeFileAtomic(file, text);
  if (!input.has('json')) {
    io.stdout(renderProven(found, ledger.checkpoint, shownPath(file, io.cwd), input.list('key'), colorsFor(io)));
  }
  return EXIT.ok;
}
