import { resolve } from 'node:path';
import { type DisclosureFile, parseDisclosure, selectDisclosures } from '@tracecore/artifact';
import type { CommandInput } from '../command.js';
import type { Deps } from '../deps.js';
import { CliError, EXIT } from '../error.js';
import { printable } from '../render/printable.js';

/** `bundle disclose`: the part of the salts that opens the values named, and no others. */
export async function bundleDisclose({ io, load }: Deps, input: CommandInput): Promise<number> {
  const salts = input.text('salts');
  const paths = input.list('path');
  if (salts === undefined) throw new CliError('USAGE', 'bundle disclose needs --salts FILE, which bundle seal wrote');
  if (paths.length === 0) throw new CliError('USAGE', 'bundle disclose needs --path POINTER, the place of a value');
  const { readJsonFile } = await load.artifact();
  const all = parseDisclosure((await readJsonFile(resolve(io.cwd, salts))).value);
  const selected = new Set(paths.flatMap((path) => selectDisclosures(all, path)));
  const disclosure: DisclosureFile = { ...all, disclosures: all.disclosures.filter((one) => selected.has(one)) };
  const out = input.text('out');
  if (out === undefined) {
    io.stdout(`${JSON.stringify(disclosure, null, 2)}\n`);
    return EXIT.ok;
  }
  const { writeDisclosure } = await load.bundle();
  await writeDisclosure(resolve(io.cwd, out), disclosure);
  const values = selected.size === 1 ? '1 value' : `${selected.size} values`;
  io.stdout(`${printable(out)} opens ${values} of the run ${printable(all.run_id)}\n`);
  return EXIT.ok;
}
