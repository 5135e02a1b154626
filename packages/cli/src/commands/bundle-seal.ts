import { resolve } from 'node:path';
import type { Redaction } from '@tracecore/bundle';
import type { CommandInput } from '../command.js';
import type { Deps } from '../deps.js';
import { CliError, EXIT } from '../error.js';
import { findRun, requireOneSource } from '../find-run.js';
import { passedOn } from '../passed-on.js';
import { renderSealed } from '../render/bundle.js';
import { colorsFor } from '../render/color.js';
import { sealRun } from '../seal-run.js';
import { findWorkspace, isThere, shownPath } from '../workspace.js';

/** `bundle seal`: the bundle of one run, signed on request. */
export async function bundleSeal(deps: Deps, input: CommandInput): Promise<number> {
  const { io } = deps;
  requireOneSource('bundle seal', input);
  const format = readFormat(input);
  const keyFile = signingKeyFile(deps, input);
  const redaction = readRedaction(deps, input);
  const workspace = await findWorkspace(io, input.text('root'));
  const { file } = await findRun(deps, workspace, input.text('run'));
  const sealed = await sealRun(deps, workspace, file, { keyFile, ...redaction });
  const nextOptions = passedOn('key', await publicFileOf(deps, keyFile)) + passedOn('root', input.text('root'));
  io.stdout(
    format === 'json'
      ? `${JSON.stringify(sealed, null, 2)}\n`
      : renderSealed(sealed, { nextOptions, salts: input.text('salts') }, colorsFor(io)),
  );
  return EXIT.ok;
}

/** The public half beside a private key, as it would be typed; undefined when it is not there. */
async function publicFileOf({ io }: Deps, keyFile: string | null): Promise<string | undefined> {
  const file = `${keyFile}.pub`;
  return keyFile !== null && (await isThere(file)) ? shownPath(file, io.cwd) : undefined;
}

function readFormat(input: CommandInput): 'json' | 'text' {
  const format = input.text('format') ?? 'text';
  if (format === 'json' || format === 'text') return format;
  throw new CliError('USAGE', `--format must be json or text, got "${format}"`);
}

/** What to redact; empty when nothing was asked for. */
function readRedaction({ io }: Deps, input: CommandInput): { redaction?: Redaction } {
  const pointers = input.list('redact');
  const salts = input.text('salts');
  if (pointers.length === 0) {
    const stray = ['salts', 'redact-everywhere'].find((option) => input.has(option));
    if (stray === undefined) return {};
    throw new CliError('USAGE', `--${stray} is for what --redact replaces; give --redact POINTER too`);
  }
  if (salts === undefined) {
    throw new CliError('USAGE', '--redact needs --salts FILE, a new file for what can prove the redacted values later');
  }
  return { redaction: { pointers, everywhere: input.has('redact-everywhere'), saltsFile: resolve(io.cwd, salts) } };
}

/** The file of the key to sign with, absolute; null when no signature was asked for. */
function signingKeyFile({ io }: Deps, input: CommandInput): string | null {
  const typed = input.text('key');
  if (typed === undefined && !input.has('sign')) return null;
  if (typed === undefined) {
    throw new CliError(
      'USAGE',
      '--sign needs --key FILE, a private key; make one with: tracecore keys generate --out FILE',
    );
  }
  if (!input.has('sign')) throw new CliError('USAGE', '--key is what --sign signs with; give both');
  return resolve(io.cwd, typed);
}
