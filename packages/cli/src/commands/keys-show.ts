import { resolve } from 'node:path';
import type { CommandInput } from '../command.js';
import type { Deps } from '../deps.js';
import { CliError, EXIT } from '../error.js';
import { colorsFor } from '../render/color.js';
import { renderKey } from '../render/keys.js';

/** `keys show`: the id and the public half of a key, whichever half the file holds. */
export async function keysShow({ io, load }: Deps, input: CommandInput): Promise<number> {
  const [named] = input.args;
  if (named === undefined) throw new CliError('USAGE', 'keys show needs the file of a key');
  const { readKey, showKey } = await load.bundle();
  const key = await readKey(resolve(io.cwd, named));
  io.stdout(renderKey(showKey(key), 'privateKey' in key ? 'private' : 'public', colorsFor(io)));
  return EXIT.ok;
}
