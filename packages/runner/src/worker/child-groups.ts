import { readFileSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ChildNotice, FOLDER_PREFIX, killGroup } from '@tracecore/sandbox/process';

/** The processes that a worker has started for its episode: they are its parent's to end when the worker is gone. */
export class ChildGroups {
  readonly #pids = new Set<number>();

  /** Takes a process for one to end; not on its word alone, for it might name somebody else's. */
  note({ pid, running }: ChildNotice, workerPid: number | undefined): void {
    if (!running) this.#pids.delete(pid);
    else if (Number.isSafeInteger(pid) && pid > 1 && mayBeChildOf(pid, workerPid)) this.#pids.add(pid);
  }

  /** Kills what is left of them, and removes every folder that the worker had made for one, told of or not. */
  async end(workerPid: number | undefined): Promise<void> {
    for (const pid of this.#pids) killGroup(pid);
    this.#pids.clear();
    const left = await readdir(tmpdir()).catch(() => []);
    const own = left.filter((name) => name.startsWith(`${FOLDER_PREFIX}${workerPid}-`));
    const remove = (name: string) => rm(join(tmpdir(), name), { recursive: true, force: true, maxRetries: 3 });
    await Promise.all(own.map((name) => remove(name).catch(() => undefined)));
  }
}

/** False only where the system says that the process is there and another's. */
function mayBeChildOf(pid: number, parent: number | undefined): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // After the name, which may hold anything: the state, then the parent.
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === parent;
  } catch {
    return true;
  }
}
