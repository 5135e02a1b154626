import { setTimeout as sleep } from 'node:timers/promises';
import type { Artifact, AttemptLine } from '@tracecore/spec';

interface Ports {
  /** Both resolve once what they were given is on the disk, and may be called again with the same after they threw. */
  putArtifacts(artifacts: readonly Artifact[]): Promise<unknown>;
  appendLines(lines: readonly AttemptLine[]): Promise<void>;
  wait?(ms: number): Promise<unknown>;
}

interface Entry {
  line: AttemptLine;
  artifact: Artifact | null;
  resolve(): void;
  reject(error: unknown): void;
}

/** Most attempts that are flushed together. */
const GROUP = 64;
/** Waits before a write is tried again: a disk that is full for a moment, such as while something else cleans up. */
const WAITS_MS = [250, 1_000];

/** Writes attempts in groups: what is asked for while one group is being flushed makes up the next. */
export class Recorder {
  readonly #ports: Ports;
  readonly #queue: Entry[] = [];
  /** Whether anything is being written; `#written` settles when it is not. */
  #busy = false;
  #written: Promise<void> = Promise.resolve();
  #failure: { error: unknown } | null = null;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  record(line: AttemptLine, artifact: Artifact | null): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ line, artifact, resolve, reject });
      if (this.#busy) return;
      this.#busy = true;
      this.#written = this.#writeAll();
    });
  }

  /** Resolves when nothing is being written. */
  async settle(): Promise<void> {
    while (this.#busy) await this.#written;
  }

  async #writeAll(): Promise<void> {
    while (this.#queue.length > 0) {
      const group = this.#queue.splice(0, GROUP);
      try {
        if (this.#failure) throw this.#failure.error;
        await this.#write(group);
        for (const { resolve } of group) resolve();
      } catch (error) {
        this.#failure ??= { error };
        for (const { reject } of group) reject(error);
      }
    }
    this.#busy = false;
  }

  async #write(group: readonly Entry[]): Promise<void> {
    const artifacts = group.flatMap(({ artifact }) => artifact ?? []);
    if (artifacts.length > 0) await this.#again(() => this.#ports.putArtifacts(artifacts));
    await this.#again(() => this.#ports.appendLines(group.map(({ line }) => line)));
  }

  async #again(write: () => Promise<unknown>): Promise<void> {
    const { wait = sleep } = this.#ports;
    for (const ms of WAITS_MS) {
      try {
        await write();
        return;
      } catch {
        await wait(ms);
      }
    }
    await write();
  }
}
