import { execFile } from 'node:child_process';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { type CodePrint, digestSources, isTaskFile, readSource, sourcePath } from '@tracecore/sandbox/bundle';
import type { ProcessCommand } from '@tracecore/sandbox/process';
import { RunnerError } from '../error.js';
import type { ConfinesOf } from './confines.js';

const OLDEST = [3, 10] as const;
const NAMES = process.platform === 'win32' ? ['python', 'python3'] : ['python3', 'python'];
/** Prints where the interpreter really lies, whatever stands for it on the path, its version, and what it reads. */
const PROBE = `
import json, os, site, sys
prefixes = [sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix, os.path.dirname(os.__file__)]
user = site.getuserbase() if site.ENABLE_USER_SITE and os.path.isdir(site.getusersitepackages()) else None
installed = site.getsitepackages() + ([site.getusersitepackages()] if user else [])
print(json.dumps([sys.executable, list(sys.version_info[:3]), [sys.executable, *prefixes, *installed], user]))
`;
const PROBE_TIMEOUT_MS = 20_000;
/** Bytes that the list of a program's sources may have. */
const MOST_OUTPUT = 64 * 1024 * 1024;
const run = promisify(execFile);

export interface PythonOptions {
  hostFile: string;
  workspaceRoot: string;
  /** Variables that the program is given. */
  env: Readonly<Record<string, string>>;
  /** What programs may see and do. */
  confines: ConfinesOf;
}

/** The interpreter of this machine, looked for when first needed. */
export interface Python {
  /** The command that runs a Python file as an agent, or a Python task folder. */
  command(role: 'agent' | 'task', target: string, name: string, sources?: readonly string[]): Promise<ProcessCommand>;
  /**
   * A file with the user's own modules it imports: their paths, digest and prints, and the file of a task among them if
   * there is one.
   */
  sources(file: string): Promise<PythonSources>;
  /** The prints of a Python task's files. */
  prints(dir: string): Promise<readonly CodePrint[]>;
}

export interface PythonSources {
  files: readonly string[];
  digest: string;
  taskFile: string | null;
  prints: readonly CodePrint[];
}

/** Every method throws {RunnerError} PYTHON_MISSING where there is no python3 of at least 3.10. */
export function findPython({ hostFile, workspaceRoot, env, confines }: PythonOptions): Python {
  let probe: Promise<Interpreter> | undefined;
  const interpreter = () => {
    probe ??= probePython();
    return probe;
  };
  const sourcesOf = async (target: string): Promise<PythonSource[]> => {
    const { program } = await interpreter();
    const { stdout } = await run(program, [hostFile, 'sources', target], { env: own, maxBuffer: MOST_OUTPUT });
    return JSON.parse(stdout);
  };
  const own = { ...env, PYTHONHASHSEED: '0', PYTHONDONTWRITEBYTECODE: '1', TRACECORE_WORKSPACE: workspaceRoot };

  return {
    async command(role, target, name, sources = []) {
      const { program, version, reads, userBase } = await interpreter();
      return {
        name,
        argv: [program, hostFile, role, target],
        // Without a home, the interpreter would not find what the user has installed.
        env: userBase === null ? own : { PYTHONUSERBASE: userBase, ...own },
        files: {},
        engine: { name: 'python', version, digest: null },
        clock: 'cooperative',
        startsOnItsOwn: false,
        confines:
          role === 'agent'
            ? confines.pythonAgent(target, sources, reads, hostFile)
            : confines.pythonTask(target, reads, hostFile),
      };
    },
    async sources(file) {
      const found = await sourcesOf(file);
      const files = [...new Set([file, ...found.map(({ path }) => path)])];
      const folder = dirname(file);
      const rows = files.map(async (path) => ({
        path: sourcePath(folder, path),
        sha256: (await readSource(path))?.sha256 ?? '',
      }));
      const taskFile = files.find((path) => path !== file && isTaskFile(path));
      return {
        files,
        digest: digestSources(await Promise.all(rows)),
        taskFile: taskFile === undefined ? null : sourcePath(folder, taskFile),
        prints: printsIn(found, folder),
      };
    },
    prints: async (dir) => printsIn(await sourcesOf(dir), dir),
  };
}

/** What the host script says of each source: where it is, and its functions and classes by name and digest. */
interface PythonSource {
  path: string;
  prints: [name: string | null, digest: string][];
}

function printsIn(sources: readonly PythonSource[], folder: string): CodePrint[] {
  return sources.flatMap(({ path, prints }) =>
    prints.map(([name, digest]) => ({ path: sourcePath(folder, path), name, digest })),
  );
}

interface Interpreter {
  program: string;
  version: string;
  /** The files and folders that it reads to run and to import what is installed. */
  reads: string[];
  /** Where the user's own packages are installed; null when there are none. */
  userBase: string | null;
}

type Probed = [string, [number, number, number], string[], string | null];

/** The interpreter of this machine. @throws {RunnerError} PYTHON_MISSING */
export async function probePython(): Promise<Interpreter> {
  let old: string | null = null;
  for (const name of NAMES) {
    try {
      const { stdout } = await run(name, ['-c', PROBE], { timeout: PROBE_TIMEOUT_MS });
      const [program, [major, minor, patch], reads, userBase] = JSON.parse(stdout) as Probed;
      const version = `${major}.${minor}.${patch}`;
      if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) {
        return { program, version, reads, userBase };
      }
      old ??= version;
    } catch {
      // Not there, or nothing that runs: the next name may be.
    }
  }
  const found = old === null ? 'none was found on the PATH' : `found ${old}`;
  throw new RunnerError(
    'PYTHON_MISSING',
    `Python agents and tasks need python3 ${OLDEST.join('.')} or newer, and ${found}; install it from python.org or with the system's package manager (package python3)`,
  );
}
