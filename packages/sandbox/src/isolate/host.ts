import type { Bundle } from '../bundle-types.js';
import { newFault } from '../fault.js';
import type { EpisodeScope, Host, Limits, PreparedProgram, Session } from '../host.js';
import { type CompiledEngine, compileEngine } from './engine.js';
import { ISOLATE_GUARANTEES } from './guarantees.js';
import { Isolate } from './isolate.js';

/** Programs kept loaded between episodes, the least recently used dropped first; each holds an instance's memory. */
const PROGRAMS_KEPT = 8;

export interface IsolateHostOptions {
  /** Where the engine's WebAssembly module lies; by default the installed package's own. */
  wasmFile?: string;
}

/**
 * The host that keeps programs in WebAssembly: each program in an instance with a memory of its own, every episode from
 * the same image of a runtime just made. Run it inside a sacrificial process: what burns no fuel can only be stopped by
 * killing that.
 * @throws {SandboxError} HOST_UNAVAILABLE when the engine cannot be read.
 */
export async function createIsolateHost(options: IsolateHostOptions = {}): Promise<Host> {
  const compiled = await compileEngine(options.wasmFile);
  const programs = new Map<string, PreparedProgram>();
  return {
    name: 'isolate',
    engine: compiled.engine,
    guarantees: ISOLATE_GUARANTEES,
    async prepare(bundle, limits) {
      const key = JSON.stringify([bundle.name, bundle.digest, bundle.code, limits]);
      const program = programs.get(key) ?? prepare(compiled, bundle, limits);
      programs.delete(key);
      programs.set(key, program);
      const [oldest] = programs.keys();
      if (programs.size > PROGRAMS_KEPT && oldest !== undefined) programs.delete(oldest);
      return program;
    },
    close: () => programs.clear(),
  };
}

function prepare(compiled: CompiledEngine, bundle: Bundle, limits: Limits): PreparedProgram {
  let idle: Isolate | null = null;
  let opened = false;
  return {
    async open(scope: EpisodeScope) {
      const isolate = idle ?? new Isolate(await compiled.instantiate(limits.memoryBytes), bundle, limits, opened);
      opened = true;
      idle = null;
      const fault = await isolate.open(scope);
      if (fault) return { fault };
      return {
        session: openSession(isolate, () => {
          idle = isolate;
        }),
      };
    },
  };
}

/** The isolate for one episode; `giveBack` is called once, when another episode may start from it. */
function openSession(isolate: Isolate, giveBack: () => void): Session {
  let fuelAtClose: number | null = null;
  return {
    async call(method, params, options) {
      if (fuelAtClose === null) return isolate.call(method, params, options);
      return { fault: newFault('crash', 'the session is closed', true) };
    },
    get fuelUsed() {
      return fuelAtClose ?? isolate.fuelUsed;
    },
    close() {
      if (fuelAtClose !== null) return;
      fuelAtClose = isolate.fuelUsed;
      if (isolate.reusable) giveBack();
    },
  };
}
