import { type ChildNotice, createIsolateHost, createProcessHost } from '@tracecore/sandbox';
import { closeInherited } from '@tracecore/sandbox/confine';
import type { TraceEntry } from '@tracecore/spec';
import type { Hosts } from '../episode/hosts.js';
import { type EpisodeJob, systemClock } from '../episode/job.js';
import { playEpisode } from '../episode/play-episode.js';
import { isRunnerErrorCode } from '../error.js';
import { KeptBundles } from './bundle-shelves.js';
import { ChildGroups } from './child-groups.js';
import { BlockingLines, writeLine } from './lines.js';
import type { WorkerMessage, WorkerRequest, WorkerStart } from './protocol.js';
import { startWatchdog } from './watchdog.js';

/** Longest message of a refusal, in UTF-16 units. */
const MESSAGE_CHARS = 16_384;

export interface WorkerOptions {
  wasmFile?: string;
}

/**
 * The main loop of a worker process: plays the episodes it is handed, one after another, until its input ends. It
 * shares nothing with its parent but two pipes, and is killed when an episode does not end.
 */
export async function startWorker(options: WorkerOptions = {}): Promise<void> {
  // Asked before anything is told: later it may already be gone, and another process in its place.
  const parent = process.ppid;
  closeInherited();
  const host = await createIsolateHost(options);
  const lines = new BlockingLines();
  const first = lines.next();
  // A parent that was killed meanwhile.
  if (first === null) process.exit(0);
  const { machine, confinement, watchdog } = JSON.parse(first) as WorkerStart;
  const { engine, guarantees } = host;
  const { guarantees: processGuarantees } = createProcessHost({ machine, confinement });
  tell({ type: 'ready', engine, guarantees, processGuarantees });
  const watch = watchdog ? startWatchdog(parent).note : () => undefined;
  const kept = new KeptBundles();
  const children = new ChildGroups();
  try {
    for (let line = lines.next(); line !== null; line = lines.next()) {
      const { id, ...parcel } = JSON.parse(line) as WorkerRequest;
      const onChild = (child: ChildNotice) => {
        watch(child);
        children.note(child, process.pid);
        tell({ type: 'child', id, child });
      };
      const commands = createProcessHost({ onChild, machine, confinement });
      await playOne({ bundles: host, commands }, id, () => kept.unpack(parcel));
    }
  } catch (error) {
    // Mostly a parent that is gone in the very moment in which a program was started, so that nobody else knows of it.
    await children.end(process.pid);
    throw error;
  }
  process.exit(0);
}

async function playOne(hosts: Hosts, id: number, unpack: () => EpisodeJob): Promise<void> {
  const onEntry = (entry: TraceEntry) => tell({ type: 'entry', id, entry });
  try {
    const outcome = await playEpisode(hosts, unpack(), { clock: systemClock, onEntry });
    tell({ type: 'end', id, outcome });
  } catch (error) {
    const { code, message } = error as { code?: unknown; message: string };
    const known = isRunnerErrorCode(code) ? code : 'WORKER_FAILED';
    tell({ type: 'refused', id, code: known, message: message.slice(0, MESSAGE_CHARS).toWellFormed() });
  }
}

function tell(message: WorkerMessage): void {
  writeLine(message);
}
