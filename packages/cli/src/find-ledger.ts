import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import type { TrustedKey } from '@tracecore/bundle';
import type { Known, OpenOptions, SignedCheckpoint } from '@tracecore/bundle/ledger';
import type { CommandInput } from './command.js';
import type { Deps } from './deps.js';
import { CliError } from './error.js';
import { readTrusted } from './read-trusted.js';
import { isThere, shownPath, type Workspace } from './workspace.js';

/** A ledger that a command is about, and what its reader knows and trusts. */
export interface LedgerPlace {
  dir: string;
  /** The folder as it would be typed. */
  shown: string;
  options: OpenOptions & { trust: readonly TrustedKey[] };
  /** Keeps a checkpoint that held, so that the next look can tell whether the log continues it. */
  keep(signed: SignedCheckpoint): Promise<void>;
}

/** The folder of a workspace's own ledger. It may not exist yet. */
export function ledgerOf({ home }: Workspace): string {
  return join(home, 'ledger');
}

/** Where the last checkpoint of the own ledger is kept: outside of what is published. */
export function ownSeenFile({ home }: Workspace): string {
  return join(home, 'ledger-seen', 'checkpoint');
}

/**
 * The ledger that the options name: the own one, or one that was downloaded.
 * @param bundle a bundle that is looked at too; what came with it does not vouch for it.
 * @throws {CliError} USAGE when a file or folder that was named is not there.
 * @throws {BundleError} as reading keys and checkpoints does.
 */
export async function findLedger(
  deps: Deps,
  workspace: Workspace,
  input: CommandInput,
  bundle?: string,
): Promise<LedgerPlace> {
  const { io } = deps;
  const named = input.text('dir');
  const dir = named === undefined ? ledgerOf(workspace) : resolve(io.cwd, named);
  if (named !== undefined && !(await isThere(dir))) throw new CliError('USAGE', `--dir: there is no ${named}`);
  const trust = await readTrusted(deps, workspace, {
    keys: input.list('key'),
    folder: input.text('trust'),
    bundle: bundle ?? dir,
  });
  const seen = await seenFile(deps, workspace, dir, named !== undefined);
  const known = await knownOf(deps, input, trust, seen);
  const origin = input.text('origin');
  return {
    dir,
    shown: shownPath(dir, io.cwd),
    options: { trust, known, ...(origin === undefined ? {} : { origin }) },
    async keep(signed) {
      if (seen !== null) await (await deps.load.ledger()).keepSeen(seen, signed);
    },
  };
}

/** The workspace's own ledger, as far as it is there or was; null where there never was one. */
export async function ownLedger(
  { load, io }: Deps,
  workspace: Workspace,
  trust: readonly TrustedKey[],
): Promise<Pick<LedgerPlace, 'dir' | 'options'> | null> {
  const [dir, seen] = [ledgerOf(workspace), ownSeenFile(workspace)];
  const there = await Promise.all([dir, seen].map(isThere));
  if (!there.includes(true)) return null;
  const kept = await (await load.ledger()).readKnown(seen);
  const known = kept === null ? [] : [{ ...kept, from: shownPath(kept.from, io.cwd) }];
  return { dir, options: { trust, known } };
}

/** Logs of others are told apart by their names. Without a workspace nothing is kept: a look leaves none behind. */
async function seenFile(deps: Deps, workspace: Workspace, dir: string, foreign: boolean): Promise<string | null> {
  if (!foreign) return ownSeenFile(workspace);
  if (!(await isThere(workspace.home))) return null;
  const { readCheckpoint } = await deps.load.ledger();
  const signed = await readCheckpoint(dir).catch(() => null);
  if (signed === null) return null;
  const digest = createHash('sha256').update(signed.checkpoint.origin).digest('hex');
  return join(workspace.home, 'ledger-seen', digest);
}

async function knownOf(
  deps: Deps,
  input: CommandInput,
  trust: readonly TrustedKey[],
  seen: string | null,
): Promise<Known[]> {
  const { readKnown, requireSigned } = await deps.load.ledger();
  const { cwd } = deps.io;
  const kept = seen === null ? null : await readKnown(seen);
  const known: Known[] = kept === null ? [] : [{ ...kept, from: shownPath(kept.from, cwd) }];
  const file = input.text('checkpoint');
  if (file === undefined) return known;
  const given = await readKnown(resolve(cwd, file));
  if (given === null) throw new CliError('USAGE', `--checkpoint: there is no ${file}`);
  requireSigned(given, { trust });
  return [...known, { checkpoint: given.checkpoint, from: file }];
}
