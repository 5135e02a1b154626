import type { ChildNotice, Engine, Guarantees } from '@tracecore/sandbox';
import { isFailureType, isTerminationReason, type JsonObject, type TraceEntry } from '@tracecore/spec';
import { isRunnerErrorCode } from '../error.js';
import type { EpisodeOutcome } from '../types.js';
import { scanJson } from './json-scan.js';
import type { WorkerMessage } from './protocol.js';

/** An entry holds values of 128 levels, a few levels down. */
const MAX_DEPTH = 160;
/** Objects and lists in one message; each takes some ten times the memory of its text. */
const MAX_CONTAINERS = 2 ** 21;
const MAX_TEXT_CHARS = 64 * 1024;

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads one line of a worker. Programs of strangers run in it, so its word is taken for nothing but what it looks like:
 * what is no message of the protocol, in every field, gives null, and so does what would take too much memory to parse.
 * What an action or a result holds is any JSON.
 */
export function parseWorkerMessage(line: string): WorkerMessage | null {
  const { depth, containers } = scanJson(line);
  if (depth > MAX_DEPTH || containers > MAX_CONTAINERS) return null;
  let message: unknown;
  try {
    message = JSON.parse(line);
  } catch {
    return null;
  }
  if (!isFields(message)) return null;
  if (message.type === 'ready') return readyFrom(message);
  const { id } = message;
  if (!isCount(id)) return null;
  if (message.type === 'child') return childFrom(id, message.child);
  if (message.type === 'entry') return entryFrom(id, message.entry);
  if (message.type === 'end') return endFrom(id, message.outcome);
  return message.type === 'refused' ? refusedFrom(id, message) : null;
}

function readyFrom({ engine, guarantees, processGuarantees }: Fields): WorkerMessage | null {
  if (!isEngine(engine) || !isGuarantees(guarantees) || !isGuarantees(processGuarantees)) return null;
  return { type: 'ready', engine, guarantees, processGuarantees };
}

function childFrom(id: number, child: unknown): WorkerMessage | null {
  if (!isFields(child)) return null;
  const { pid, folder, running } = child;
  // 1 is the first process of all, and 0 would be the group of whoever ends it.
  if (!isCount(pid) || pid < 2 || !isText(folder) || typeof running !== 'boolean') return null;
  return { type: 'child', id, child: { pid, folder, running } satisfies ChildNotice };
}

function entryFrom(id: number, entry: unknown): WorkerMessage | null {
  if (!isFields(entry)) return null;
  const { step, action_ts, observation, action, result, io_audit, llm_trace, telemetry } = entry;
  const { budget_after_step, budget_delta } = entry;
  if (!isCount(step) || !isText(action_ts) || llm_trace !== null || !Array.isArray(io_audit)) return null;
  if (!isCounts(budget_after_step) || !isCounts(budget_delta) || budget_delta.tool_calls > 1) return null;
  if (![observation, action, result, telemetry].every(isFields)) return null;
  const known = { step, action_ts, observation, action, result, io_audit, llm_trace, budget_after_step, budget_delta };
  return { type: 'entry', id, entry: { ...known, telemetry } as TraceEntry };
}

function endFrom(id: number, outcome: unknown): WorkerMessage | null {
  if (!isFields(outcome)) return null;
  const { termination_reason, failure_reason, failure_type, steps_used, tool_calls_used, validator } = outcome;
  if (!isTerminationReason(termination_reason) || !(failure_type === null || isFailureType(failure_type))) return null;
  if (failure_reason !== null && typeof failure_reason !== 'string') return null;
  if (!isCount(steps_used) || !isCount(tool_calls_used) || !isFields(validator)) return null;
  const counts = { steps_used, tool_calls_used };
  const told = { termination_reason, failure_reason, failure_type, ...counts, validator } as EpisodeOutcome;
  return { type: 'end', id, outcome: told };
}

function refusedFrom(id: number, { code, message }: Fields): WorkerMessage | null {
  if (!isRunnerErrorCode(code) || !isText(message)) return null;
  return { type: 'refused', id, code, message };
}

function isEngine(value: unknown): value is Engine {
  if (!isFields(value)) return false;
  const { name, version, digest } = value;
  return isText(name) && isText(version) && (digest === null || isText(digest));
}

const SECRECY: readonly unknown[] = ['none', 'wasm', 'os'] satisfies Guarantees['secrecy'][];
const CLOCK: readonly unknown[] = ['none', 'cooperative', 'enforced'] satisfies Guarantees['clock'][];
const NETWORK: readonly unknown[] = ['none', 'blocked'] satisfies Guarantees['network'][];

function isGuarantees(value: unknown): value is Guarantees {
  if (!isFields(value)) return false;
  const { secrecy, clock, network, hardKill, memoryCap, freshPerEpisode } = value;
  if (!SECRECY.includes(secrecy) || !CLOCK.includes(clock) || !NETWORK.includes(network)) return false;
  return [hardKill, memoryCap, freshPerEpisode].every((held) => typeof held === 'boolean');
}

function isCounts(value: unknown): value is { steps: number; tool_calls: number } {
  return isFields(value) && isCount(value.steps) && isCount(value.tool_calls);
}

/** Parsed JSON has no getters and no prototypes of its own making: a field is what the text says. */
function isFields(value: unknown): value is Fields & JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MAX_TEXT_CHARS;
}
