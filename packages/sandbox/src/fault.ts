import type { Fault } from './host.js';
import type { JsonFault } from './json-guard.js';

/** Longest message and pointer that are kept, in UTF-16 units; programs write parts of them. */
const MESSAGE_CHARS = 2_000;

export function newFault(kind: Fault['kind'], message: string, deterministic: boolean): Fault {
  return { kind, message: message.slice(0, MESSAGE_CHARS).toWellFormed(), deterministic };
}

/** The fault of a method that returned what cannot cross. */
export function protocolFault(method: string, { pointer, message }: JsonFault): Fault {
  const what = `${method} returned what JSON cannot hold: ${pointer || 'the value'} ${message}`;
  return { ...newFault('protocol', what, true), pointer: shorten(pointer) };
}

/** Keys are the program's own words; a pointer that is cut still begins as the whole one does. */
const shorten = (pointer: string) => pointer.slice(0, MESSAGE_CHARS).replace(/~$/, '').toWellFormed();
