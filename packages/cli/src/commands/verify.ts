import { resolve } from 'node:path';
import type { VerifyReport } from '@tracecore/runner';
import type { CommandInput } from '../command.js';
import type { Deps } from '../deps.js';
import { describeError, EXIT, isCoded } from '../error.js';
import { findRun, requireOneSource } from '../find-run.js';
import { openTasks, withFolder } from '../find-task.js';
import { colorsFor } from '../render/color.js';
import { printable } from '../render/printable.js';
import { renderReport } from '../render/verify.js';
import { confinementOf, findWorkspace, isThere, shownPath, type Workspace } from '../workspace.js';

/** `verify`: the checks of one run, or of each file given. */
export async function verify(deps: Deps, input: CommandInput): Promise<number> {
  requireOneSource('verify', input);
  const workspace = await findWorkspace(deps.io, input.text('root'));
  const files = await filesOf(deps, workspace, input);
  const reports = await checkAll(deps, workspace, input, files);
  const read = reports.filter(({ report }) => report !== null);
  if (input.has('json')) {
    const values = read.map(({ file, report }) => ({ file, ...report }));
    if (values.length > 0) deps.io.stdout(`${JSON.stringify(files.length === 1 ? values[0] : values, null, 2)}\n`);
  } else {
    const colors = colorsFor(deps.io);
    const texts = read.map(({ file, report }) => renderReport(file, report as VerifyReport, colors));
    deps.io.stdout(texts.join('\n'));
  }
  return reports.every(({ report }) => report?.ok) ? EXIT.ok : EXIT.failed;
}

async function filesOf(deps: Deps, workspace: Workspace, input: CommandInput): Promise<string[]> {
  if (input.args.length > 0) return input.args.map((file) => resolve(deps.io.cwd, file));
  return [(await findRun(deps, workspace, input.text('run'))).file];
}

interface Checked {
  file: string;
  /** Null when the file could not be read as JSON; that was said on stderr. */
  report: VerifyReport | null;
}

async function checkAll(
  deps: Deps,
  workspace: Workspace,
  input: CommandInput,
  files: readonly string[],
): Promise<Checked[]> {
  const { createLoader, createRunner, verifyArtifact } = await deps.load.runner();
  const { readJsonFile } = await deps.load.artifact();
  const folder = input.text('task');
  const tasks = await openTasks(deps, workspace);
  const registry =
    folder === undefined
      ? tasks
      : withFolder(tasks, await (await deps.load.tasks()).readTaskFolder(resolve(deps.io.cwd, folder)));
  // Checking a file must not leave a workspace behind where there was none.
  const cacheDir = (await isThere(workspace.home)) ? workspace.cacheDir : null;
  const { read } = workspace.config.isolation;
  const loader = createLoader({ workspaceRoot: workspace.root, cacheDir, read });
  const runner = createRunner({ quickStart: true, ...confinementOf(workspace) });
  try {
    const checked: Checked[] = [];
    for (const path of files) {
      const file = shownPath(path, deps.io.cwd);
      try {
        const { value, text } = await readJsonFile(path);
        checked.push({ file, report: await verifyArtifact(value, text, { registry, loader, runner }) });
      } catch (error) {
        // A file that is no JSON fails its check; one that is not there was asked for by mistake.
        if (!isCoded(error) || error.code === 'FILE_NOT_FOUND') throw error;
        deps.io.stderr(`tracecore: ${printable(describeError(error, false))}\n`);
        checked.push({ file, report: null });
      }
    }
    return checked;
  } finally {
    await runner.close();
  }
}
