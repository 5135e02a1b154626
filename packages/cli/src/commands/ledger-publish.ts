import { basename, resolve } from 'node:path';
import type { CertifiedBundle } from '@tracecore/bundle/ledger';
import type { CommandInput } from '../command.js';
import type { Deps } from '../deps.js';
import { CliError, EXIT } from '../error.js';
import { findBundle } from '../find-bundle.js';
import { ledgerOf, ownSeenFile } from '../find-ledger.js';
import { passedOn } from '../passed-on.js';
import { readTrusted } from '../read-trusted.js';
import { colorsFor } from '../render/color.js';
import { renderPublished } from '../render/ledger.js';
import { findWorkspace, isThere, shownPath, type Workspace } from '../workspace.js';

/** `ledger publish`: one entry for one agent, from bundles that verify under trusted keys. */
export async function ledgerPublish(deps: Deps, input: CommandInput): Promise<number> {
  const { io } = deps;
  const named = input.list('bundle');
  const keyFile = input.text('key');
  if (named.length === 0 || keyFile === undefined) {
    const missing =
      named.length === 0 ? '--bundle, a bundle to certify the agent with' : "--key FILE, the log's own private key";
    throw new CliError('USAGE', `ledger publish needs ${missing}`);
  }
  const workspace = await findWorkspace(io, input.text('root'));
  const { readSigningKey } = await deps.load.bundle();
  const { keepSeen, makeEntry, publishEntry, readCheckpoint, readKnown } = await deps.load.ledger();
  const signingKey = await readSigningKey(resolve(io.cwd, keyFile));
  const bundles: CertifiedBundle[] = [];
  for (const one of named) bundles.push(await readOne(deps, workspace, input, one));
  const entry = makeEntry(bundles, { publishedAt: new Date(), ...detailsOf(input) });

  const dir = ledgerOf(workspace);
  const known = await readKnown(ownSeenFile(workspace));
  const isNew = (await readCheckpoint(dir)) === null;
  const origin = input.text('origin') ?? (isNew ? defaultOrigin(workspace, signingKey.id) : undefined);
  const published = await publishEntry(entry, {
    dir,
    signingKey,
    known: known === null ? [] : [{ ...known, from: shownPath(known.from, io.cwd) }],
    ...(origin === undefined ? {} : { origin }),
  });
  await keepSeen(ownSeenFile(workspace), published);
  const { index, leaf_hash, checkpoint } = published;
  if (input.has('json')) {
    const view = { index, leaf_hash, origin: checkpoint.origin, size: checkpoint.size, ...entry };
    io.stdout(`${JSON.stringify(view, null, 2)}\n`);
    return EXIT.ok;
  }
  const publicKey = `${keyFile}.pub`;
  const key = (await isThere(resolve(io.cwd, publicKey))) ? publicKey : undefined;
  const nextOptions = passedOn('key', key) + passedOn('root', input.text('root'));
  io.stdout(renderPublished(shownPath(dir, io.cwd), published, nextOptions, colorsFor(io)));
  return EXIT.ok;
}

async function readOne(deps: Deps, workspace: Workspace, input: CommandInput, named: string): Promise<CertifiedBundle> {
  const { readCertified } = await deps.load.ledger();
  const bundle = await findBundle(deps, workspace, named);
  return readCertified(bundle, await readTrusted(deps, workspace, { folder: input.text('trust'), bundle }));
}

function detailsOf(input: CommandInput): { description?: string; suite?: string; maintainer?: string } {
  const names = ['description', 'suite', 'maintainer'] as const;
  return Object.fromEntries(names.flatMap((name) => (input.has(name) ? [[name, input.text(name) as string]] : [])));
}

/** A name for a log that was given none: the folder's, with the beginning of the key's id so that no two logs share it. */
function defaultOrigin({ root }: Workspace, keyId: string): string {
  const folder =
    basename(root)
      .replaceAll(/[^A-Za-z0-9._-]+/g, '-')
      .slice(0, 64) || 'workspace';
  return `tracecore.local/${folder}-${keyId.slice(0, 8)}`;
}
