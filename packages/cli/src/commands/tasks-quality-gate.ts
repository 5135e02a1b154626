import { join, resolve } from 'node:path';
import type { Loader, Runner } from '@tracecore/runner';
import type { FreezeTable } from '@tracecore/tasks';
import type { TaskFinding } from '@tracecore/tasks/lint';
import type { CommandInput } from '../command.js';
import type { Deps } from '../deps.js';
import { CliError, EXIT } from '../error.js';
import { colorsFor } from '../render/color.js';
import { type GatedTask, gateJson, hasPassed, renderGate } from '../render/findings.js';
import { readFormat } from '../shared-options.js';
import { confinementOf, findWorkspace } from '../workspace.js';
import { trySolver } from './tasks-solver.js';
import { codeOf, findSubject, openLoader, openProgram, registeredSubjects, type Subject } from './tasks-subjects.js';
import { VALIDATED_SEEDS } from './tasks-validate.js';

/** `tasks quality-gate`: everything that can be checked of a task, as pass or fail. Warnings fail it too, hints do not. */
export async function tasksQualityGate(deps: Deps, input: CommandInput): Promise<number> {
  const [ref] = input.args;
  const agent = input.text('agent');
  if (agent !== undefined && ref === undefined) throw new CliError('USAGE', '--agent needs the task that it solves');
  const format = readFormat(input);
  const workspace = await findWorkspace(deps.io, undefined);
  const found =
    ref === undefined ? await registeredSubjects(deps, workspace) : [await findSubject(deps, workspace, ref)];
  const subjects = agent === undefined ? found : found.map((one) => ({ ...one, solver: resolve(deps.io.cwd, agent) }));
  const { createRunner } = await deps.load.runner();
  const { readFreezeTable } = await deps.load.tasks();
  const frozen = await readFreezeTable(join(deps.builtinRoot, 'tasks', 'SPEC_FREEZE.json'));
  // What solves a task has not read it.
  const hidden = subjects.map(({ dir }) => dir);
  const runner = createRunner({ quickStart: false, ...confinementOf(workspace) });
  try {
    const tools = { loader: await openLoader(deps, workspace, hidden), runner, frozen };
    const gated: GatedTask[] = [];
    for (const subject of subjects) gated.push(await gate(deps, tools, subject));
    deps.io.stdout(format === 'json' ? gateJson(gated) : renderGate(gated, colorsFor(deps.io)));
    return gated.every(hasPassed) ? EXIT.ok : EXIT.failed;
  } finally {
    await runner.close();
  }
}

interface Tools {
  loader: Loader;
  runner: Runner;
  frozen: FreezeTable;
}

async function gate(deps: Deps, tools: Tools, subject: Subject): Promise<GatedTask> {
  const { name: task, dir, folder, solver, origin } = subject;
  const row = { task, dir, checks: {} };
  if (folder === null) return { ...row, findings: subject.findings, checks: { valid: false } };
  const { lintTask, validateTask } = await deps.load.taskChecks();
  const opened = await openProgram(deps, tools.loader, folder, VALIDATED_SEEDS);
  if ('findings' in opened) return { ...row, findings: opened.findings, checks: { valid: false } };
  const valid = validateTask(folder, opened.inspection);
  // A task that is not set up cannot be played; what else is wrong with it comes after that.
  if (valid.length > 0) return { ...row, findings: valid, checks: { valid: false } };
  const lint = await lintTask({
    task: folder,
    inspection: opened.inspection,
    code: codeOf(opened.task),
    hasSolver: solver !== null,
  });
  const solved = solver === null ? [] : await trySolver(deps, tools, opened.task, solver);
  const frozen = origin?.kind === 'builtin' ? await checkFrozen(deps, tools.frozen, folder) : null;
  return {
    ...row,
    findings: [...lint, ...solved, ...(frozen ?? [])],
    checks: {
      valid: true,
      clean: lint.every(({ severity }) => severity === 'hint'),
      solved: solver !== null && !solved.some(({ code: found }) => found === 'SOLVER_FAILED'),
      reproducible: solver !== null && !solved.some(({ code: found }) => found === 'SOLVER_NOT_REPRODUCIBLE'),
      ...(frozen === null ? {} : { frozen: frozen.length === 0 }),
    },
  };
}

/** Null for a task that is not frozen. */
async function checkFrozen(
  deps: Deps,
  table: FreezeTable,
  task: { ref: string; hash: string },
): Promise<TaskFinding[] | null> {
  const { freezeStateOf } = await deps.load.tasks();
  const state = freezeStateOf(table, task);
  if (state.state === 'open') return null;
  if (state.state === 'frozen') return [];
  const { finding } = await deps.load.taskChecks();
  const message = `it is frozen as ${state.frozen}, and its files give ${task.hash}`;
  const fix = 'Undo the change, or publish it as a new version.';
  return [finding('FREEZE_CHANGED', { task: task.ref, file: '.' }, message, fix)];
}
