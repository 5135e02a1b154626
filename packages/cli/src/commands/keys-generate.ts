import { resolve } from 'node:path';
import type { CommandInput } from '../command.js';
import type { Deps } from '../deps.js';
import { CliError, EXIT } from '../error.js';
import { colorsFor } from '../render/color.js';
import { renderNewKey } from '../render/keys.js';
import { shownPath } from '../workspace.js';

/** `keys generate`: a new key pair, the private half open to its owner alone. */
export async function keysGenerate({ io, load }: Deps, input: CommandInput): Promise<number> {
  const out = input.text('out');
  if (out === undefined) throw new CliError('USAGE', 'keys generate needs --out FILE, where the private key goes');
  const { generateKeyPair, writeKeyPair } = await load.bundle();
  const key = generateKeyPair();
  const written = await writeKeyPair(resolve(io.cwd, out), key, { replace: input.has('force') });
  const files = { private: shownPath(written.file, io.cwd), public: shownPath(written.public_file, io.cwd) };
  io.stdout(renderNewKey(key.id, files, colorsFor(io)));
  return EXIT.ok;
}
