import { basename } from 'node:path';
import type { CommandInput } from '../command.js';
import type { Deps } from '../deps.js';
import { EXIT } from '../error.js';
import { findRun, runOf } from '../find-run.js';
import { colorsFor } from '../render/color.js';
import { renderShownRun } from '../render/runs.js';
import { readFormat } from '../shared-options.js';
import { findWorkspace, shownPath } from '../workspace.js';

/** `runs show`: what is recorded of a run beside its steps, read from its file, and what points to it. */
export async function runsShow(deps: Deps, input: CommandInput): Promise<number> {
  const { io, load } = deps;
  const format = readFormat(input);
  const workspace = await findWorkspace(io, input.text('root'));
  const [ref = 'latest'] = input.args;
  const { file } = await findRun(deps, workspace, ref === 'latest' ? undefined : ref);
  const { describeRun, findReferences } = await load.runIndex();
  const store = (await load.store()).openStore(workspace.home);
  const { artifact, text, path } = await store.get(runOf(file));
  const run = describeRun(artifact, Buffer.byteLength(text), basename(path));
  const referenced_by = (await findReferences(workspace.home)).get(run.run_id) ?? [];
  io.stdout(
    format === 'json'
      ? `${JSON.stringify({ version: 1, run, referenced_by }, null, 2)}\n`
      : renderShownRun(run, shownPath(path, io.cwd), referenced_by, colorsFor(io)),
  );
  return EXIT.ok;
}
