import { join, resolve } from 'node:path';
import type { Loader } from '@tracecore/runner';
import type { LoadedTask, TaskFolder, TaskListing, TaskOrigin } from '@tracecore/tasks';
import type { TaskFinding, TaskInspection } from '@tracecore/tasks/lint';
import type { Deps } from '../deps.js';
import { CliError, describeError, isCoded } from '../error.js';
import { isTaskPath, openTasks } from '../find-task.js';
import { readPairings } from '../pairings.js';
import { isThere, shownPath, type Workspace } from '../workspace.js';

/** Programs that are inspected at once, each in a process of its own. */
const AT_ONCE = 4;

/** A task to look at: where it lies, where it comes from and, when it could be read, what it is. */
export interface Subject {
  /** `id@version`; the folder where that is not known. */
  name: string;
  dir: string;
  origin: TaskOrigin | null;
  /** Null when the folder could not be read; `findings` say why. */
  folder: TaskFolder | null;
  /** Absolute path of an agent that is said to solve it. */
  solver: string | null;
  findings: TaskFinding[];
}

/** A task whose program was opened, or why it could not be. */
export type Opened = { task: LoadedTask; inspection: TaskInspection } | { findings: TaskFinding[] };

/**
 * The one task that `text` names, by reference or by the path of its folder.
 * @throws {TasksError} when there is no such task or its manifest is broken.
 */
export async function findSubject(deps: Deps, workspace: Workspace, text: string): Promise<Subject> {
  if (isTaskPath(text)) {
    const { readTaskFolder } = await deps.load.tasks();
    const folder = await readTaskFolder(resolve(deps.io.cwd, text));
    return withSolver(deps, workspace, { ...subjectOf(folder, null), folder });
  }
  const registry = await openTasks(deps, workspace);
  const folder = await registry.get(text);
  const listing = (await registry.list()).find(({ ref }) => ref === folder.ref);
  return withSolver(deps, workspace, { ...subjectOf(folder, listing ?? null), folder });
}

/** Every task of the built-ins, the workspace's roots and its packages; what cannot be read is a subject with findings. */
export async function registeredSubjects(deps: Deps, workspace: Workspace): Promise<Subject[]> {
  const registry = await openTasks(deps, workspace);
  return subjectsOf(deps, workspace, await registry.list(), registry.faults);
}

/**
 * The task in a folder, or those in its sub-folders.
 * @throws {CliError} USAGE when the folder is not there.
 */
export async function subjectsIn(deps: Deps, workspace: Workspace, path: string): Promise<Subject[]> {
  const dir = resolve(deps.io.cwd, path);
  if (!(await isThere(dir)))
    throw new CliError('USAGE', `--path: there is no ${path}; give a task folder, or one with tasks`);
  const { openRegistry, isTaskFolder } = await deps.load.tasks();
  if (await isTaskFolder(dir)) return [await readSubject(deps, workspace, { name: shownPath(dir, deps.io.cwd), dir })];
  const registry = await openRegistry({ roots: [dir] });
  const subjects = await subjectsOf(deps, workspace, await registry.list(), registry.faults);
  if (subjects.length > 0) return subjects;
  throw new CliError('USAGE', `--path: ${path} is not a task folder and has none in it; a task folder has a task.toml`);
}

/** Bundles a task's program and opens it in a process of its own. What is wrong with it is a finding. */
export async function openProgram(
  deps: Deps,
  loader: Loader,
  folder: TaskFolder,
  seeds: readonly number[],
): Promise<Opened> {
  const { inspectTask } = await deps.load.runner();
  try {
    const task = await loader.task(folder);
    return { task, inspection: await inspectTask(task, { seeds }) };
  } catch (error) {
    if (!isCoded(error)) throw error;
    const { notLoaded } = await deps.load.taskChecks();
    return { findings: [notLoaded(folder.ref, describeError(error, false))] };
  }
}

/** Does `work` for each item, a few at a time; the results keep the order of the items. */
export async function inBatches<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const done: R[] = [];
  for (let at = 0; at < items.length; at += AT_ONCE) {
    done.push(...(await Promise.all(items.slice(at, at + AT_ONCE).map(work))));
  }
  return done;
}

/** The text of a bundled program; null for one that runs as a process. */
export function codeOf(task: LoadedTask): string | null {
  return 'bundle' in task ? task.bundle.code : null;
}

/** A loader that keeps its bundles in the workspace, and nowhere when there is none yet: looking must leave nothing behind. */
export async function openLoader(deps: Deps, workspace: Workspace, hide: readonly string[] = []): Promise<Loader> {
  const { createLoader } = await deps.load.runner();
  const cacheDir = (await isThere(workspace.home)) ? workspace.cacheDir : null;
  const { read } = workspace.config.isolation;
  const { home, root: workspaceRoot } = workspace;
  return createLoader({ workspaceRoot, cacheDir, read, hide: [home, ...workspace.config.taskRoots, ...hide] });
}

async function subjectsOf(
  deps: Deps,
  workspace: Workspace,
  listings: readonly TaskListing[],
  faults: readonly { dir: string; message: string; cause?: Error }[],
): Promise<Subject[]> {
  const { faultFindings } = await deps.load.taskChecks();
  const read = await Promise.all(
    listings.map((listing) => readSubject(deps, workspace, { name: listing.ref, dir: listing.dir, listing })),
  );
  const broken = await Promise.all(
    faults.map(async (fault): Promise<Subject> => {
      const findings = await faultFindings(fault);
      return {
        name: shownPath(fault.dir, deps.io.cwd),
        dir: fault.dir,
        origin: null,
        folder: null,
        solver: null,
        findings,
      };
    }),
  );
  return [...read, ...broken];
}

async function readSubject(
  deps: Deps,
  workspace: Workspace,
  { name, dir, listing = null }: { name: string; dir: string; listing?: TaskListing | null },
): Promise<Subject> {
  const { readTaskFolder } = await deps.load.tasks();
  try {
    const folder = await readTaskFolder(dir);
    return await withSolver(deps, workspace, { ...subjectOf(folder, listing), folder });
  } catch (error) {
    if (!isCoded(error)) throw error;
    const { readFindings } = await deps.load.taskChecks();
    return {
      name,
      dir,
      origin: listing?.origin ?? null,
      folder: null,
      solver: null,
      findings: readFindings(error, name),
    };
  }
}

function subjectOf(folder: TaskFolder, listing: TaskListing | null): Subject {
  const { ref: name, dir } = folder;
  return { name, dir, origin: listing?.origin ?? null, folder, solver: listing?.solver ?? null, findings: [] };
}

/** The workspace's own word first, then the package's, then the built-in pairings. */
async function withSolver(deps: Deps, { config }: Workspace, subject: Subject): Promise<Subject> {
  const own = Object.hasOwn(config.solvers, subject.name) ? config.solvers[subject.name] : undefined;
  if (own !== undefined) return { ...subject, solver: own };
  if (subject.solver !== null || subject.origin?.kind !== 'builtin') return subject;
  const pairing = (await readPairings(deps.builtinRoot)).find(({ task }) => task === subject.name);
  return pairing === undefined ? subject : { ...subject, solver: join(deps.builtinRoot, pairing.agent) };
}
