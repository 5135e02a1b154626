import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { EvidenceOptions, EvidenceReport, Subject } from '@tracecore/runner';
import type { CommandInput } from '../command.js';
import type { Deps } from '../deps.js';
import { describeError, EXIT, isCoded } from '../error.js';
import { bundlesOf, findBundle, sessionBundle } from '../find-bundle.js';
import { ownLedger } from '../find-ledger.js';
import { findRun, requireOneSource, runOf } from '../find-run.js';
import { readTrusted } from '../read-trusted.js';
import { colorsFor } from '../render/color.js';
import { printable } from '../render/printable.js';
import { renderReport, unreadableReport, verifyJson } from '../render/verify.js';
import { withVerifier } from '../with-verifier.js';
import { findWorkspace, shownPath, type Workspace } from '../workspace.js';

/** `verify`: every check there is of runs and bundles; by default of the latest of each. */
export async function verify(deps: Deps, input: CommandInput): Promise<number> {
  requireOneSource('verify', input);
  const workspace = await findWorkspace(deps.io, input.text('root'));
  const checked = await checkAll(deps, workspace, input, await placesOf(deps, workspace, input));
  if (input.has('json')) {
    const subjects = checked.map(({ kind, shown, report, error }) => ({
      file: shown,
      ...(report ?? unreadableReport(kind, error)),
    }));
    deps.io.stdout(verifyJson(subjects));
  } else {
    const colors = colorsFor(deps.io);
    const texts = checked.flatMap(({ shown, report }) => (report ? [renderReport(shown, report, colors)] : []));
    deps.io.stdout(texts.join('\n'));
  }
  return checked.every(({ report }) => report?.ok) ? EXIT.ok : EXIT.failed;
}

/** A run file or the folder of a bundle, absolute. */
interface Place {
  kind: Subject['kind'];
  path: string;
}

async function placesOf(deps: Deps, workspace: Workspace, input: CommandInput): Promise<Place[]> {
  if (input.args.length > 0) return Promise.all(input.args.map((named) => placeAt(resolve(deps.io.cwd, named))));
  const bundle = input.text('bundle');
  if (bundle !== undefined) return [{ kind: 'bundle', path: await findBundle(deps, workspace, bundle) }];
  const { file } = await findRun(deps, workspace, input.text('run'));
  const run: Place = { kind: 'run', path: file };
  if (input.has('run')) return [run];
  const sealed = await sessionBundle(deps, workspace);
  // The bundle of the latest run is checked with it; one of an earlier run is evidence of its own.
  return sealed === null || runOf(file) === basename(sealed) ? [run] : [run, { kind: 'bundle', path: sealed }];
}

async function placeAt(path: string): Promise<Place> {
  const isFolder = await stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
  return { kind: isFolder ? 'bundle' : 'run', path };
}

interface Checked {
  kind: Subject['kind'];
  shown: string;
  /** Null when it could not be read; that was said on stderr. */
  report: EvidenceReport | null;
  error?: { code: string; message: string };
}

async function checkAll(
  deps: Deps,
  workspace: Workspace,
  input: CommandInput,
  places: readonly Place[],
): Promise<Checked[]> {
  const { verifyEvidence } = await deps.load.runner();
  return withVerifier(deps, workspace, input.text('task'), async (dependencies) => {
    const checked: Checked[] = [];
    for (const place of places) {
      const shown = shownPath(place.path, deps.io.cwd);
      const options = await optionsFor(deps, workspace, input, place);
      try {
        const report = await verifyEvidence(await subjectAt(deps, place), dependencies, options);
        checked.push({ kind: place.kind, shown, report });
      } catch (error) {
        // A file that is no JSON fails its check; one that is not there was asked for by mistake.
        if (!isCoded(error) || error.code === 'FILE_NOT_FOUND') throw error;
        const message = describeError(error, false);
        deps.io.stderr(`tracecore: ${printable(message)}\n`);
        checked.push({ kind: place.kind, shown, report: null, error: { code: error.code, message } });
      }
    }
    return checked;
  });
}

async function subjectAt(deps: Deps, { kind, path }: Place): Promise<Subject> {
  if (kind === 'bundle') return { kind, dir: path };
  return { kind, ...(await (await deps.load.artifact()).readJsonFile(path)) };
}

async function optionsFor(
  deps: Deps,
  workspace: Workspace,
  input: CommandInput,
  { kind, path }: Place,
): Promise<EvidenceOptions> {
  const sources = { keys: input.list('key'), folder: input.text('trust') };
  const trust = await readTrusted(deps, workspace, kind === 'bundle' ? { ...sources, bundle: path } : sources);
  return {
    bundles: bundlesOf(workspace),
    trust,
    ledger: await ownLedger(deps, workspace, trust),
    requireSignature: input.has('require-signature'),
    strict: input.has('strict'),
    ...(input.has('strict-spec') ? { strictSpec: { minimum: workspace.config.isolation.minimum } } : {}),
  };
}
