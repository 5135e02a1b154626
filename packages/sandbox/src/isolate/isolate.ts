import type { Json, JsonObject } from '@tracecore/spec';
import type { Bundle } from '../bundle-types.js';
import { newFault, protocolFault } from '../fault.js';
import type { CallOptions, CallOutcome, EpisodeScope, Fault, Limits } from '../host.js';
import { findJsonFault, findParamsFault } from '../json-guard.js';
import type { EngineInstance } from './engine.js';
import { faultOf, type GuestError, locateFault, stoppedFault } from './fault.js';
import { type MemoryImage, restoreImage, takeImage } from './image.js';
import { GuestRuntime, GuestThrow, PROGRAM_FILE, type RuntimeHooks } from './runtime.js';

/** Longest line a program may log, in UTF-16 units. */
const LOG_LINE_CHARS = 2_000;
/** Ticks between two looks at the real clock, a few ms apart. */
const CLOCK_EVERY_TICKS = 16;
const LOADING: CallOptions = { deadline: null, virtualNow: Date.UTC(2000, 0, 1) };
/** Faults after which nothing of an instance is used again. */
const FATAL: ReadonlySet<string> = new Set(['fuel', 'deadline', 'memory', 'crash']);

type GuestOutcome = { value: Json } | { error: GuestError } | { notJson: { pointer: string; message: string } };

/** How a program stood right after it was loaded. */
interface LoadedImage {
  memory: MemoryImage;
  /** What the memory had grown to, in bytes. */
  memoryBytes: number;
  ticks: number;
  virtualNow: number;
  log: string[];
}

/**
 * A program in an instance of its own. Every episode starts from the same image of it: a runtime just made, the program
 * just loaded, no episode's bytes in it.
 */
export class Isolate {
  readonly #instance: EngineInstance;
  readonly #bundle: Bundle;
  readonly #limits: Limits;
  readonly #keepsImage: boolean;
  readonly #runtime: GuestRuntime;
  #image: LoadedImage | null = null;
  #scope: EpisodeScope | null = null;
  #healthy = true;
  /** Chance asked for while loading makes the program a different one for each seed, so its image cannot be shared. */
  #drewWhileLoading = false;
  #loadLog: string[] | null = [];
  #ticks = 0;
  #ticksAtStart = 0;
  #endsAt = Number.POSITIVE_INFINITY;
  #stopped: 'fuel' | 'deadline' | null = null;
  #virtualNow = 0;

  /** @param keepsImage whether the program is to be opened again; an image costs more than one episode gains by it. */
  constructor(instance: EngineInstance, bundle: Bundle, limits: Limits, keepsImage: boolean) {
    this.#keepsImage = keepsImage;
    this.#instance = instance;
    this.#bundle = bundle;
    this.#limits = limits;
    this.#runtime = this.#newRuntime();
  }

  get fuelUsed(): number {
    return this.#ticks;
  }

  /**
   * Whether another episode may start from this instance. A memory cannot shrink, and one that has grown gives out at
   * another point than one that has not, so such an instance is not used again.
   */
  get reusable(): boolean {
    return this.#healthy && this.#image?.memoryBytes === this.#instance.memory.buffer.byteLength;
  }

  /** Starts an episode: loads the program, or puts it back to how it stood after loading. */
  async open(scope: EpisodeScope): Promise<Fault | null> {
    this.#scope = scope;
    if (!this.#image) return this.#load();
    restoreImage(this.#instance.memory, this.#image.memory);
    this.#ticks = this.#image.ticks;
    this.#virtualNow = this.#image.virtualNow;
    for (const line of this.#image.log) scope.log(line);
    return null;
  }

  async call(method: string, params: JsonObject, options: CallOptions): Promise<CallOutcome> {
    let value: Json = null;
    const fault = await this.#guard(options, () => {
      const answer = this.#runtime.exchange(method, JSON.stringify(params));
      if (answer === null) return newFault('throw', `${method} returned a promise that can never settle`, true);
      const outcome = this.#parse(answer);
      if ('error' in outcome) return faultOf(outcome.error);
      const bad = 'notJson' in outcome ? outcome.notJson : findJsonFault(outcome.value);
      if (bad) return protocolFault(method, bad);
      value = (outcome as { value: Json }).value;
      return null;
    });
    return fault ? { fault } : { value };
  }

  async #load(): Promise<Fault | null> {
    this.#loadLog = [];
    const fault = await this.#guard(LOADING, () => {
      this.#runtime.install();
      if (this.#runtime.load(this.#bundle.code)) return null;
      return newFault('throw', 'the module awaits a promise that can never settle', true);
    });
    const log = this.#loadLog;
    this.#loadLog = null;
    if (fault) this.#healthy = false;
    else if (this.#keepsImage && !this.#drewWhileLoading) {
      const { memory } = this.#instance;
      const memoryBytes = memory.buffer.byteLength;
      const [ticks, virtualNow] = [this.#ticks, this.#virtualNow];
      this.#image = { memory: takeImage(memory), memoryBytes, ticks, virtualNow, log };
    }
    return fault;
  }

  #newRuntime(): GuestRuntime {
    const hooks: RuntimeHooks = {
      interrupt: () => this.#interrupt(),
      betweenJobs: () => {
        if (performance.now() > this.#endsAt) this.#stopped ??= 'deadline';
        if (this.#stopped) throw new Error('interrupted');
      },
      serve: (method, params) => this.#serve(method, params),
      log: (line) => {
        const shown = line.slice(0, LOG_LINE_CHARS).toWellFormed();
        this.#loadLog?.push(shown);
        this.#scope?.log(shown);
      },
      random: () => {
        if (this.#loadLog) this.#drewWhileLoading = true;
        return this.#scope?.random() ?? 0;
      },
      now: () => this.#virtualNow++,
    };
    return new GuestRuntime(this.#instance, this.#limits.stackBytes, hooks);
  }

  /** Runs `work` under the limits; whatever stops it becomes a fault. */
  async #guard(options: CallOptions, work: () => Fault | null): Promise<Fault | null> {
    if (!this.#healthy) return newFault('crash', 'was stopped by an earlier fault', true);
    this.#ticksAtStart = this.#ticks;
    this.#stopped = null;
    this.#virtualNow = Math.max(this.#virtualNow, options.virtualNow);
    this.#endsAt = Math.min(
      options.deadline ?? Number.POSITIVE_INFINITY,
      performance.now() + this.#limits.callDeadlineMs,
    );
    let fault: Fault | null;
    try {
      fault = work();
      // A promise takes even an interruption for a rejection, which the program may then catch.
      if (this.#stopped) fault = stoppedFault(this.#stopped);
    } catch (thrown) {
      fault = this.#faultOfThrown(thrown);
    }
    if (fault === null) return null;
    if (FATAL.has(fault.kind)) this.#healthy = false;
    return locateFault(fault, this.#bundle, PROGRAM_FILE);
  }

  #faultOfThrown(thrown: unknown): Fault {
    if (this.#stopped) return stoppedFault(this.#stopped);
    if (thrown instanceof GuestThrow) return faultOf(thrown.error);
    // The engine itself gave up, mostly on native recursion; nothing of this instance can be trusted again.
    const message = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
    return newFault('crash', `stopped the engine: ${message.slice(0, 200)}`, false);
  }

  #interrupt(): boolean {
    this.#ticks += 1;
    if (this.#ticks - this.#ticksAtStart > this.#limits.fuelPerCall) this.#stopped = 'fuel';
    else if (this.#ticks % CLOCK_EVERY_TICKS === 0 && performance.now() > this.#endsAt) this.#stopped ??= 'deadline';
    return this.#stopped !== null;
  }

  /** Answers a request of the program. What the referee refuses goes back as `{error}`. */
  #serve(method: string, text: string): string {
    if (text.length > this.#limits.messageChars) return '{"error":"message_too_long"}';
    try {
      if (this.#loadLog || !this.#scope) throw new Error('CALL_NOT_AVAILABLE');
      const params = JSON.parse(text) as JsonObject;
      const bad = findParamsFault(params);
      if (bad) return JSON.stringify({ error: bad });
      return JSON.stringify({ value: this.#scope.services(method, params) });
    } catch (error) {
      return JSON.stringify({ error: error instanceof Error ? error.message : String(error) });
    }
  }

  #parse(answer: string): GuestOutcome {
    if (answer.length > this.#limits.messageChars) {
      return { notJson: { pointer: '', message: `is longer than ${this.#limits.messageChars} characters` } };
    }
    try {
      const outcome: unknown = JSON.parse(answer);
      if (isOutcome(outcome)) return outcome;
    } catch {
      // A program that tampers with its own context can only spoil its own answer.
    }
    return { notJson: { pointer: '', message: 'did not come back as JSON' } };
  }
}

function isOutcome(value: unknown): value is GuestOutcome {
  if (typeof value !== 'object' || value === null || Object.keys(value).length !== 1) return false;
  const { error, notJson } = value as { error?: unknown; notJson?: unknown };
  return (
    Object.hasOwn(value, 'value') ||
    hasTexts(error, ['name', 'message', 'stack']) ||
    hasTexts(notJson, ['pointer', 'message'])
  );
}

function hasTexts(value: unknown, names: string[]): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return names.every((name) => typeof (value as Record<string, unknown>)[name] === 'string');
}
