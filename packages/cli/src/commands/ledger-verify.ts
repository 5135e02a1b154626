import { resolve } from 'node:path';
import type { LedgerQuestion, LedgerReport } from '@tracecore/bundle/ledger';
import type { CommandInput } from '../command.js';
import type { Deps } from '../deps.js';
import { CliError, EXIT } from '../error.js';
import { findBundle } from '../find-bundle.js';
import { findLedger } from '../find-ledger.js';
import { readTrusted } from '../read-trusted.js';
import { colorsFor } from '../render/color.js';
import { renderLedgerReport } from '../render/ledger.js';
import { findWorkspace, type Workspace } from '../workspace.js';

/** `ledger verify`: one line for each check of the ledger, or of a proof. */
export async function ledgerVerify(deps: Deps, input: CommandInput): Promise<number> {
  const { io } = deps;
  requireOneQuestion(input);
  const workspace = await findWorkspace(io, input.text('root'));
  const [subject, report] = input.has('proof')
    ? [input.text('proof') as string, await checkProof(deps, workspace, input)]
    : await checkLedger(deps, workspace, input);
  io.stdout(
    input.has('json')
      ? `${JSON.stringify({ subject, ...report }, null, 2)}\n`
      : renderLedgerReport(subject, report, colorsFor(io)),
  );
  return report.ok ? EXIT.ok : EXIT.failed;
}

async function checkLedger(
  deps: Deps,
  workspace: Workspace,
  input: CommandInput,
): Promise<[subject: string, report: LedgerReport]> {
  const named = input.text('bundle');
  const bundle = named === undefined ? undefined : await findBundle(deps, workspace, named);
  const place = await findLedger(deps, workspace, input, bundle);
  const { readCertified, verifyLedger } = await deps.load.ledger();
  const entry = input.text('entry');
  const question: LedgerQuestion =
    bundle !== undefined
      ? { kind: 'bundle', read: () => readCertified(bundle, place.options.trust) }
      : entry !== undefined
        ? { kind: 'entry', named: entry }
        : { kind: 'registry' };
  const { report, seen } = await verifyLedger(place.dir, question, place.options);
  if (seen !== null) await place.keep(seen);
  return [place.shown, report];
}

async function checkProof(deps: Deps, workspace: Workspace, input: CommandInput): Promise<LedgerReport> {
  const { cwd } = deps.io;
  const trust = await readTrusted(deps, workspace, { keys: input.list('key'), folder: input.text('trust') });
  const { readJsonFile } = await deps.load.artifact();
  const { verifyProof } = await deps.load.ledger();
  const { value } = await readJsonFile(resolve(cwd, input.text('proof') as string));
  const file = input.text('entry-file');
  const origin = input.text('origin');
  return verifyProof(value, {
    trust,
    ...(origin === undefined ? {} : { origin }),
    ...(file === undefined ? {} : { entry: (await readJsonFile(resolve(cwd, file))).value }),
  });
}

function requireOneQuestion(input: CommandInput): void {
  const given = ['registry', 'entry', 'bundle', 'proof'].filter((name) => input.has(name));
  if (given.length > 1)
    throw new CliError('USAGE', 'ledger verify takes --registry, --entry, --bundle or --proof, one of them');
  const withLog = ['dir', 'checkpoint'].find((name) => input.has(name));
  if (input.has('proof') && withLog !== undefined) {
    throw new CliError('USAGE', `--${withLog} is for a ledger; a proof is checked without one`);
  }
  if (input.has('entry-file') && !input.has('proof'))
    throw new CliError('USAGE', '--entry-file is for --proof; give both');
}
