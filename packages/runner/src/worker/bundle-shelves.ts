import { createHash } from 'node:crypto';
import type { Bundle } from '@tracecore/sandbox';
import type { EpisodeJob, JobProgram } from '../episode/job.js';
import type { PackedJob, PackedProgram, WorkerRequest } from './protocol.js';

/** Bundles that a worker keeps, the least recently used dropped first. Their sender decides, so both sides agree. */
const BUNDLES_KEPT = 32;

type Parcel = Omit<WorkerRequest, 'id'>;

/** What one worker has been sent: a bundle travels to it once, and is named after that. */
export class SentBundles {
  readonly #sent = new Set<string>();

  pack({ agent, task, ...rest }: EpisodeJob): Parcel {
    const bundles: Parcel['bundles'] = [];
    const packProgram = (program: JobProgram): PackedProgram => {
      if ('command' in program) return program;
      const key = keyOf(program.bundle);
      if (!this.#sent.delete(key)) bundles.push([key, program.bundle]);
      this.#sent.add(key);
      return { bundle: key };
    };
    const packedTask = packProgram(task);
    const job: PackedJob = { ...rest, agent: 'recorded' in agent ? agent : packProgram(agent), task: packedTask };
    const drop = [...this.#sent].slice(0, Math.max(0, this.#sent.size - BUNDLES_KEPT));
    for (const key of drop) this.#sent.delete(key);
    return { job, bundles, drop };
  }
}

/** What a worker has been sent, on its own side. */
export class KeptBundles {
  readonly #kept = new Map<string, Bundle>();

  unpack({ job, bundles, drop }: Parcel): EpisodeJob {
    for (const key of drop) this.#kept.delete(key);
    for (const [key, bundle] of bundles) this.#kept.set(key, bundle);
    const { agent, task, ...rest } = job;
    return { ...rest, agent: 'recorded' in agent ? agent : this.#program(agent), task: this.#program(task) };
  }

  #program(program: PackedProgram): JobProgram {
    if ('command' in program) return program;
    const bundle = this.#kept.get(program.bundle);
    if (bundle) return { bundle };
    throw new Error(`a job names the bundle ${program.bundle}, which was never sent; this is a fault of the runner`);
  }
}

/** Digests of bundles that were sent before, which is nearly always. */
const keys = new WeakMap<Bundle, string>();

/** What a bundle is known by: a digest of all of it, since two with the same sources may differ in name or code. */
function keyOf(bundle: Bundle): string {
  const known = keys.get(bundle);
  if (known !== undefined) return known;
  const key = createHash('sha256').update(JSON.stringify(bundle)).digest('hex');
  keys.set(bundle, key);
  return key;
}
