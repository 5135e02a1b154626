import { isCoded } from '../error.js';
import { bad, type Check, good } from './check.js';
import { installCommand } from './install-command.js';
import type { System } from './system.js';

/** Finds the interpreter for Python agents and tasks. @throws {RunnerError} PYTHON_MISSING */
export type FindPython = () => Promise<{ program: string; version: string }>;

/** The interpreters that agents and tasks in other languages need. */
export async function checkPython(findPython: FindPython, system: System): Promise<Check> {
  try {
    const { program, version } = await findPython();
    return good('python', `${version}, ${program}`);
  } catch (error) {
    if (!isCoded(error)) throw error;
    const fix = system.platform === 'linux' ? await installCommand(system, 'python3') : 'install it from python.org';
    const old = /found (\d[\d.]*\d)/.exec(error.message)?.[1];
    return bad('python', old === undefined ? 'no python3 on the PATH' : `found ${old}, too old`, fix);
  }
}
