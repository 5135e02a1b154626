import { open, realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import type { Confines } from '@tracecore/sandbox/confine';

/** Folders in which programs are installed, beside what they need to run. */
const PROGRAM_FOLDERS = ['bin', 'sbin', 'shims', 'libexec'];
/** What every process may read anyway. */
const SYSTEM = /^\/(?:usr|bin|sbin|lib\w*)(?:\/|$)/;
const SHEBANG = /^#!\s*(\/\S+)/;
const SHEBANG_BYTES = 256;

export interface ConfinesOptions {
  workspaceRoot: string;
  /** Folders that no agent may see into, wherever it lies: other tasks, what earlier runs left, shipped bundles. */
  hide: readonly string[];
  /** What the user lets every program in a process of its own read. */
  read: readonly string[];
}

/** What each kind of program may see and do. */
export interface ConfinesOf {
  /** A bundle holds its own code. */
  node(hostFile: string): Confines;
  /** An agent's file, the user's modules it imports, and what lies beside it. */
  pythonAgent(file: string, sources: readonly string[], interpreter: readonly string[], hostFile: string): Confines;
  /** A task's folder, and the tasks beside it that it may share code with; agents it does not see. */
  pythonTask(dir: string, interpreter: readonly string[], hostFile: string): Confines;
  /** A program with what is installed beside it, and the folders of the workspace's files among its words. */
  command(program: string, words: readonly string[], ownFiles: readonly string[]): Promise<Confines>;
}

export function confinesOf({ workspaceRoot, hide, read }: ConfinesOptions): ConfinesOf {
  const inWorkspace = (...names: string[]) => names.map((name) => join(workspaceRoot, name));
  const hides = [...inWorkspace('.agent_bench', 'tasks', '.git'), ...hide];
  const make = (reads: readonly string[], given: Partial<Confines> = {}): Confines => ({
    reads: [...new Set([...reads, ...read])],
    hides,
    processes: false,
    ...given,
  });
  return {
    node: (hostFile) => make([process.execPath, hostFile]),
    pythonAgent(file, sources, interpreter, hostFile) {
      return make([...interpreter, dirname(hostFile), dirname(file), file, ...sources]);
    },
    pythonTask(dir, interpreter, hostFile) {
      const beside = basename(dirname(dir)) === 'tasks' ? [dirname(dir)] : [];
      const reads = [...interpreter, dirname(hostFile), dir, ...beside, join(workspaceRoot, 'tasks')];
      // A task may be the whole workspace, and what agents are and did there is not its business.
      return make(reads, { hides: inWorkspace('.agent_bench', '.git', 'agents') });
    },
    async command(program, words, ownFiles) {
      const programs = [program, ...(await interpreterOf(program))];
      const installed = await Promise.all(programs.map(installedWith));
      const folders = ownFiles.map((file) => dirname(file));
      return make([...installed.flat(), ...words.filter(isAbsolute), ...folders], { processes: true });
    },
  };
}

/** A program by its path and its real path, each with the folder it was installed to, where that is the program's own. */
async function installedWith(program: string): Promise<string[]> {
  const paths = [...new Set([program, await realpath(program).catch(() => program)])];
  return paths.flatMap((path) => {
    const prefix = dirname(dirname(path));
    const isInstalled = PROGRAM_FOLDERS.includes(basename(dirname(path))) && !SYSTEM.test(path);
    return isInstalled && prefix !== join(homedir(), '.local') ? [path, prefix] : [path];
  });
}

/** The program that runs a script, as its first line says. */
async function interpreterOf(program: string): Promise<string[]> {
  const file = await open(program).catch(() => null);
  if (file === null) return [];
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(SHEBANG_BYTES), 0, SHEBANG_BYTES, 0);
    const [, interpreter] = SHEBANG.exec(buffer.toString('latin1', 0, bytesRead)) ?? [];
    return interpreter === undefined ? [] : [resolve(interpreter)];
  } catch {
    return [];
  } finally {
    await file.close();
  }
}
