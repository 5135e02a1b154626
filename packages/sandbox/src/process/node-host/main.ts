import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { compileFunction, constants } from 'node:vm';
import type { Json, JsonObject } from '@tracecore/spec';
import { encode } from '../../isolate/guest/encode.js';
import { ERROR_CODE, PROTOCOL } from '../message.js';
import { PROGRAM_FILE } from './preload/stack.js';
import { type Held, preload } from './preload.js';
import { Wire } from './wire.js';

// Runs a bundle as a program of the agent protocol: `node node-host.cjs BUNDLE`, which is an ES module when its name ends
// in .mjs, and else one that is required: that spares Node the start of its module loader.

type Program = Record<string, (params: JsonObject, call: unknown) => unknown>;

/** Milliseconds between two steps of the virtual clock (spec/determinism.md). */
const STEP_MS = 1_000;
/** Most frames of an error that are told. */
const MAX_FRAMES = 32;

const wire = new Wire();
const name = process.argv[2] as string;
const file = join(process.cwd(), name);
const { stringify } = JSON;
const exit = process.exit.bind(process);
let held: Held | undefined;
let startMs = 0;
let program: Program = {};
let calls = 0;
/** Answers the call at hand when neither work nor timer is left that could settle its promise. */
let giveUp: (() => void) | null = null;

process.on('beforeExit', () => {
  if (giveUp && !held?.runTimer()) giveUp();
});
void serve();

async function serve(): Promise<void> {
  for (let request = wire.next(); request !== null; request = wire.next()) {
    const { id, method, params } = request;
    await answer(id as number, method as string, params as JsonObject);
    if (method === 'shutdown') break;
  }
  exit(0);
}

function answer(id: number, method: string, params: JsonObject): Promise<void> {
  return new Promise((resolve) => {
    const send = (body: string) => {
      giveUp = null;
      wire.send(`{"jsonrpc":"2.0","id":${id},${body}}`);
      resolve();
    };
    const sendError = (code: number, message: string, data: Json) =>
      send(`"error":${stringify({ code, message, data })}`);
    const sendThrown = (error: unknown) => {
      const code = method === 'initialize' && isNoAgent(error) ? ERROR_CODE.noProgram : ERROR_CODE.threw;
      sendError(code, messageOf(error), { frames: framesOf(error) });
    };
    giveUp = () => sendError(ERROR_CODE.threw, `${method} returned a promise that can never settle`, {});
    run(method, params).then((value) => {
      try {
        const encoded = encode(value);
        if ('text' in encoded) send(`"result":${encoded.text}`);
        else
          sendError(ERROR_CODE.notJson, 'not JSON', { pointer: encoded.fault.pointer, reason: encoded.fault.message });
      } catch (error) {
        // A property may throw when it is read.
        sendThrown(error);
      }
    }, sendThrown);
  });
}

async function run(method: string, params: JsonObject): Promise<unknown> {
  if (method === 'initialize') return initialize(params);
  if (method === 'shutdown') return null;
  const { step } = (params.observation ?? {}) as { step?: number };
  if (typeof step === 'number') held?.moveTo(startMs + (step - 1) * STEP_MS);
  const handler = Object.hasOwn(program, method) ? program[method] : undefined;
  if (!handler) throw new Error(`the program has no method ${method}`);
  return handler(params, call);
}

async function initialize(params: JsonObject): Promise<Json> {
  startMs = params.virtual_now_ms as number;
  const log = (line: string) => wire.send(stringify({ jsonrpc: '2.0', method: 'log', params: { line } }));
  held = preload({ seed: BigInt(params.seed_random as string), startMs, file: name, log });
  ({ program } = await loadBundle(held));
  return { protocol: PROTOCOL, language: 'javascript' };
}

async function loadBundle({ patchImports }: Held): Promise<{ program: Program }> {
  if (name.endsWith('.mjs')) {
    patchImports();
    return import(pathToFileURL(file).href);
  }
  const code = readFileSync(file, 'utf8');
  if (code.includes('import(')) patchImports();
  return requireBundle(code);
}

/** The bundle as Node's own `require` would load it, without the half millisecond of looking for where it lies. */
function requireBundle(code: string): { program: Program } {
  const module = { exports: {} as { program: Program } };
  const names = ['exports', 'require', 'module', '__filename', '__dirname'];
  const importModuleDynamically = constants.USE_MAIN_CONTEXT_DEFAULT_LOADER as never;
  const run = compileFunction(code, names, { filename: file, importModuleDynamically });
  run.call(module.exports, module.exports, createRequire(file), module, file, dirname(file));
  return module.exports;
}

/** A request of the program to the referee; a refusal comes back as an error. */
function call(method: string, params: JsonObject): Json {
  calls += 1;
  const id = `c${calls}`;
  wire.send(stringify({ jsonrpc: '2.0', id, method: 'call', params: { method, params } }));
  const reply = wire.next();
  if (reply === null) return exit(0);
  if (reply.error) throw new Error((reply.error as { message: string }).message);
  return reply.result as Json;
}

function isNoAgent(error: unknown): boolean {
  return (
    error instanceof Error && error.name === 'KitError' && (error as { code?: unknown }).code === 'AGENT_NOT_FOUND'
  );
}

/** The error as text, in the form that the isolate gives it. */
function messageOf(error: unknown): string {
  try {
    if (!(error instanceof Error)) return `threw ${String(error)}`;
    const { name, message } = error;
    return name === '' || name === 'Error' || isNoAgent(error) ? String(message) : `${name}: ${message}`;
  } catch {
    return `threw a ${typeof error}`;
  }
}

/** Line and column of the frames in the bundle, the innermost first. */
function framesOf(error: unknown): [number, number][] {
  const stack = error instanceof Error && typeof error.stack === 'string' ? error.stack : '';
  const frames: [number, number][] = [];
  for (const line of stack.split('\n')) {
    const at = line.lastIndexOf(`${PROGRAM_FILE}:`);
    const match = at === -1 ? null : /:(\d{1,9}):(\d{1,9})/.exec(line.slice(at));
    if (match && frames.length < MAX_FRAMES) frames.push([Number(match[1]), Number(match[2])]);
  }
  return frames;
}
