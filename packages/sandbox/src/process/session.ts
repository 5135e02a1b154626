import type { Json, JsonObject } from '@tracecore/spec';
import { locate } from '../bundle/locate.js';
import { newFault, protocolFault } from '../fault.js';
import type { CallOptions, CallOutcome, EpisodeScope, Fault, Limits, Session } from '../host.js';
import { findJsonFault, findParamsFault } from '../json-guard.js';
import { Child, type ChildSetup, NOT_STARTED } from './child.js';
import type { ProcessCommand } from './command.js';
import { LineReader } from './line-reader.js';
import { ERROR_CODE, MAX_LINE_BYTES, PROTOCOL, type ProgramMessage, type RpcError, readMessage } from './message.js';
import { withoutFolder } from './without-folder.js';

/** Longest message and longest logged line of a program that are kept, in UTF-16 units. */
const TEXT_CHARS = 2_000;
const LOCATION_CHARS = 300;
/** Frames of an error that are looked at for one of the author's own. */
const MAX_FRAMES = 32;
/** Most lines that are kept of what a program prints before its episode begins. */
const MAX_EARLY_LINES = 100;
/** Most bytes of answers that wait for a program to read them; more than one at a time is its own haste. */
const MAX_UNREAD_BYTES = 64 * 1024 * 1024;
/** Time a program has to answer that it is done. */
const SHUTDOWN_MS = 250;

interface Outstanding {
  id: number;
  method: string;
  settle(answer: Answer): void;
}

type Answer = { result: Json; chars: number } | { error: RpcError } | { fault: Fault };

/** A program in a process of its own, for one episode. */
export class ProcessSession implements Session {
  readonly fuelUsed = 0;
  readonly #child: Child;
  readonly #command: ProcessCommand;
  readonly #limits: Limits;
  #outstanding: Outstanding | null = null;
  #lastId = 0;
  /** Null until the episode begins. */
  #scope: EpisodeScope | null = null;
  /** What the program printed before that. */
  #early: string[] = [];
  /** What keeps the program from ever being asked again. */
  #broken: Fault | null = null;
  #closing: Promise<void> | null = null;

  constructor(command: ProcessCommand, limits: Limits, setup: ChildSetup) {
    this.#command = command;
    this.#limits = limits;
    const readers = { stdout: new LineReader(MAX_LINE_BYTES), stderr: new LineReader(MAX_LINE_BYTES) };
    this.#child = new Child(command, setup, (chunk, stream) => {
      const reader = readers[stream];
      if (reader.overflowed) return;
      for (const line of reader.push(chunk)) {
        if (stream === 'stdout') this.#read(line);
        else this.#log(line);
      }
      if (reader.overflowed) {
        this.#break(newFault('protocol', `wrote a line longer than ${MAX_LINE_BYTES / 1024 / 1024} MiB`, true));
      }
    });
    void this.#child.drained.then((exit) => this.#break(newFault('crash', exit, false)));
  }

  /** Begins the exchange; null when the program is ready for the episode. */
  async begin(scope: EpisodeScope, virtualNow: number): Promise<Fault | null> {
    this.#scope = scope;
    for (const line of this.#early.splice(0)) this.#log(line);
    const { role, randomSeed = '0', deadline = null } = scope;
    const params = { protocol: PROTOCOL, role, seed_random: randomSeed, virtual_now_ms: virtualNow };
    const answer = await this.call('initialize', params, { deadline, virtualNow });
    if ('fault' in answer) return answer.fault;
    const { protocol } = (answer.value ?? {}) as JsonObject;
    if (protocol === PROTOCOL) return null;
    const given = String(JSON.stringify(protocol)).slice(0, 100);
    return newFault('protocol', `answered initialize with the protocol ${given}, expected "${PROTOCOL}"`, true);
  }

  async call(method: string, params: JsonObject, { deadline }: CallOptions): Promise<CallOutcome> {
    if (this.#closing) return { fault: newFault('crash', 'the session is closed', true) };
    if (this.#broken) return { fault: toldFor(method, this.#broken) };
    const endsAt = Math.min(deadline ?? Number.POSITIVE_INFINITY, performance.now() + this.#limits.callDeadlineMs);
    return this.#toOutcome(method, await this.#request(method, params, endsAt));
  }

  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #end(): Promise<void> {
    if (!this.#broken && this.#scope) {
      // Its answer says that it has nothing left to do, so its own end is not waited for.
      await this.#request('shutdown', {}, performance.now() + SHUTDOWN_MS);
      this.#broken ??= newFault('crash', 'the session is closed', true);
    }
    await this.#child.end();
  }

  #request(method: string, params: JsonObject, endsAt: number): Promise<Answer> {
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve) => {
      // A timer may fire a little before its time, and a deadline that is not over yet would be another ending.
      const wait = Math.max(0, Math.min(Math.ceil(endsAt - performance.now()) + 1, 2 ** 31 - 1));
      const late = newFault('deadline', 'did not answer in time', false);
      const timer = setTimeout(() => this.#break(late), wait);
      const settle = (answer: Answer) => {
        clearTimeout(timer);
        this.#outstanding = null;
        resolve(answer);
      };
      this.#outstanding = { id, method, settle };
      this.#child.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`);
    });
  }

  /** Ends the program for good; what was asked gets `fault` for its answer, or else what is asked next. */
  #break(fault: Fault): void {
    if (this.#broken) return;
    this.#broken = fault;
    this.#child.killGroup();
    this.#outstanding?.settle({ fault });
  }

  #log(line: string): void {
    if (this.#closing) return;
    const shown = line.slice(0, TEXT_CHARS).toWellFormed();
    if (this.#scope) this.#scope.log(shown);
    else if (this.#early.length < MAX_EARLY_LINES) this.#early.push(shown);
  }

  #read(line: string): void {
    if (this.#broken) return;
    const message = readMessage(line);
    switch (message.kind) {
      case 'noise':
        if (line.trim() !== '') this.#log(line);
        return;
      case 'log':
        this.#log(message.line);
        return;
      case 'request':
        this.#serve(message);
        return;
      default: {
        const asked = this.#outstanding;
        if (asked === null || message.id !== asked.id) this.#break(wrongAnswer(message.id, this.#lastId, asked));
        else
          asked.settle(
            message.kind === 'error' ? { error: message.error } : { result: message.result, chars: line.length },
          );
      }
    }
  }

  /** Answers a request of the program. */
  #serve({ id, method, params }: Extract<ProgramMessage, { kind: 'request' }>): void {
    if (this.#child.unreadBytes > MAX_UNREAD_BYTES) {
      this.#break(newFault('protocol', 'asks on and on without reading what it is answered', false));
      return;
    }
    const body = this.#bodyFor(method, params);
    this.#child.write(`${JSON.stringify({ jsonrpc: '2.0', id, ...body })}\n`);
  }

  #bodyFor(method: string, params: Json): JsonObject {
    if (method !== 'call') {
      return refusal(`a program may only ask call, got ${method.slice(0, 64)}`, ERROR_CODE.unknownMethod);
    }
    const scope = this.#scope;
    if (this.#outstanding === null || scope === null) return refusal('call_out_of_turn');
    const bad = findParamsFault(params);
    if (bad) return refusal(bad);
    const { method: service, params: given = {} } = params as JsonObject;
    if (typeof service !== 'string') return refusal('invalid_params: method must be a string');
    const badParams = findParamsFault(given);
    if (badParams) return refusal(badParams);
    try {
      return { result: scope.services(service, given as JsonObject) };
    } catch (error) {
      return refusal(error instanceof Error ? error.message : String(error));
    }
  }

  async #toOutcome(method: string, answer: Answer): Promise<CallOutcome> {
    if ('fault' in answer) return { fault: toldFor(method, answer.fault) };
    if ('error' in answer) return { fault: await this.#faultOf(method, answer.error) };
    if (answer.chars > this.#limits.messageChars) {
      const message = `is longer than ${this.#limits.messageChars} characters`;
      return { fault: protocolFault(method, { pointer: '', message }) };
    }
    const bad = findJsonFault(answer.result);
    return bad ? { fault: protocolFault(method, bad) } : { value: answer.result };
  }

  async #faultOf(method: string, { code, message, data }: RpcError): Promise<Fault> {
    const text = this.#withoutFolder(message);
    if (code === ERROR_CODE.notJson) {
      const pointer = typeof data.pointer === 'string' && /^(\/|$)/.test(data.pointer) ? data.pointer : '';
      const reason = typeof data.reason === 'string' ? data.reason : text;
      return protocolFault(method, { pointer: pointer.slice(0, TEXT_CHARS), message: reason.slice(0, TEXT_CHARS) });
    }
    const location = await this.#locationOf(data);
    return {
      ...newFault('throw', text, true),
      ...(location === null ? {} : { location }),
      ...(code === ERROR_CODE.noProgram ? { noProgram: true } : {}),
    };
  }

  /** Where the error was thrown: as the program says, or the first frame in a bundle that is an author's own. */
  async #locationOf({ location, frames }: JsonObject): Promise<string | null> {
    if (typeof location === 'string' && location !== '') {
      return this.#withoutFolder(location).slice(0, LOCATION_CHARS).toWellFormed();
    }
    const { map } = this.#command;
    if (!map || !Array.isArray(frames)) return null;
    for (const frame of frames.slice(0, MAX_FRAMES)) {
      const [line, column] = Array.isArray(frame) ? frame : [];
      if (!isPosition(line) || !isPosition(column)) continue;
      const found = await locate({ map: map.text, sourceRoot: map.sourceRoot }, line, column);
      if (found) return found;
    }
    return null;
  }

  #withoutFolder(text: string): string {
    const { folder, insideFolder } = this.#child;
    const outside = withoutFolder(text, folder);
    return insideFolder === folder ? outside : withoutFolder(outside, insideFolder, this.#command.confines.reads);
  }
}

function refusal(message: string, code: number = ERROR_CODE.threw): JsonObject {
  return { error: { code, message } };
}

function wrongAnswer(id: Json, lastId: number, asked: Outstanding | null): Fault {
  const answered = asked === null ? lastId : lastId - 1;
  const isOld = typeof id === 'number' && Number.isInteger(id) && id >= 1 && id <= answered;
  const shown = JSON.stringify(id).slice(0, 64).toWellFormed();
  return newFault(
    'protocol',
    `answered request ${shown}, which ${isOld ? 'it had answered before' : 'was not asked'}`,
    false,
  );
}

/** A process that ended is told of in the same words whether that was seen during the call or before it. */
function toldFor(method: string, fault: Fault): Fault {
  if (fault.kind !== 'crash' || fault.message.startsWith(NOT_STARTED)) return fault;
  return { ...fault, message: `${fault.message} before it answered ${method}` };
}

const isPosition = (value: Json | undefined): value is number => Number.isSafeInteger(value) && (value as number) > 0;
