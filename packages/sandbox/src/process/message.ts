import type { Json, JsonObject } from '@tracecore/spec';

/** The name both sides give in `initialize`. */
export const PROTOCOL = 'tracecore-agent-protocol-v1';
/** Longest line of either side, in bytes. */
export const MAX_LINE_BYTES = 8 * 1024 * 1024;

/** Codes of the errors a program answers with, beside those of JSON-RPC. */
export const ERROR_CODE = { threw: -32000, notJson: -32001, noProgram: -32002, unknownMethod: -32601 } as const;

export interface RpcError {
  code: number;
  message: string;
  data: JsonObject;
}

/** A line that a program wrote. What is none of the protocol is noise. */
export type ProgramMessage =
  | { kind: 'noise' }
  | { kind: 'log'; line: string }
  | { kind: 'request'; id: RpcId; method: string; params: Json }
  | { kind: 'result'; id: RpcId | null; result: Json }
  | { kind: 'error'; id: RpcId | null; error: RpcError };

type RpcId = string | number;

const NOISE: ProgramMessage = { kind: 'noise' };

/** Reads a line as a message of the protocol; never throws. */
export function readMessage(line: string): ProgramMessage {
  const message = parse(line);
  if (!isObject(message) || message.jsonrpc !== '2.0') return NOISE;
  const { id, method, params } = message;
  if (typeof method === 'string') {
    if (!Object.hasOwn(message, 'id')) return readNotification(method, params);
    return isId(id) ? { kind: 'request', id, method, params: params ?? {} } : NOISE;
  }
  // JSON-RPC answers null where a request could not even be read.
  if (!(isId(id) || id === null) || Object.hasOwn(message, 'method')) return NOISE;
  const [hasResult, hasError] = [Object.hasOwn(message, 'result'), Object.hasOwn(message, 'error')];
  if (hasResult === hasError) return NOISE;
  if (hasResult) return { kind: 'result', id, result: message.result as Json };
  return { kind: 'error', id, error: readError(message.error as Json) };
}

function readNotification(method: string, params: Json | undefined): ProgramMessage {
  const line = method === 'log' && isObject(params) ? params.line : undefined;
  return typeof line === 'string' ? { kind: 'log', line } : NOISE;
}

/** Whatever stands in `error`, it is an error; what it lacks is filled in. */
function readError(error: Json): RpcError {
  const { code, message, data } = isObject(error) ? error : {};
  return {
    code: typeof code === 'number' ? code : ERROR_CODE.threw,
    message: typeof message === 'string' ? message : 'answered with an error that has no message',
    data: isObject(data) ? data : {},
  };
}

/** What can be told back as it was told; a container could be nested deeper than anything here can write. */
function isId(value: Json | undefined): value is RpcId {
  return typeof value === 'string' || Number.isFinite(value);
}

function parse(line: string): Json | undefined {
  // Most noise is told from a message by its first character.
  if (!/^\s*\{/.test(line)) return undefined;
  try {
    return JSON.parse(line) as Json;
  } catch {
    return undefined;
  }
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
