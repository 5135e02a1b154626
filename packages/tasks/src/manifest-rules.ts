import { isIP } from 'node:net';
import { posix } from 'node:path';

const TASK_ID = /^[a-z0-9_]+$/;
const HOST_LABELS = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
/** What programs read as an address, in whatever spelling: no host that an action asks for ever matches it. */
const ENDS_AS_NUMBER = /(?:^|\.)(?:\d+|0x[0-9a-f]*)$/;

export const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';

export const isTaskId = (value: unknown): value is string => typeof value === 'string' && TASK_ID.test(value);

export const isFlag = (value: unknown): value is boolean => typeof value === 'boolean';

export const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

export const isVersion = (value: unknown): value is number => isCount(value) && value >= 1 && value <= 999_999_999;

/** Distinct names of actions, at least one. */
export const isActionList = (value: unknown): value is string[] =>
  isListOf(value, isTaskId) && value.length > 0 && new Set(value).size === value.length;

/** What no name of a file may have: controls, halves of a character, and what other systems read as a path of theirs. */
const UNSAFE_NAME = /[\p{Control}\p{Surrogate}\\:]/u;

/** A file inside the task's folder, named relative to it without leaving it. */
export const isEntrypoint = (value: unknown): value is string =>
  isText(value) && !UNSAFE_NAME.test(value) && value.split('/').every((name) => !['', '.', '..'].includes(name));

/** A folder below a root that lists it: the root itself, or a way down from it. */
export const isListedPath = (value: unknown): value is string =>
  value === '.' || isEntrypoint(typeof value === 'string' ? posix.normalize(value).replace(/(?<=.)\/$/, '') : value);

export const isRootList = (value: unknown): value is string[] => isListOf(value, isRoot);

export const isHostList = (value: unknown): value is string[] => isListOf(value, isHost);

/** An absolute POSIX path that is already in normal form, without a slash at its end. */
function isRoot(value: unknown): value is string {
  if (typeof value !== 'string' || !value.startsWith('/') || /[\\\0]/.test(value)) return false;
  return value === '/' || (posix.resolve(value) === value && !value.endsWith('/'));
}

/** A host name in lower case, `*.` before one, or an IP address without brackets. */
function isHost(value: unknown): value is string {
  if (typeof value !== 'string') return false;
  if (isIP(value) !== 0) return true;
  const name = value.startsWith('*.') ? value.slice(2) : value;
  return name.length <= 253 && HOST_LABELS.test(name) && !ENDS_AS_NUMBER.test(name);
}

function isListOf<T>(value: unknown, accepts: (item: unknown) => item is T): value is T[] {
  return Array.isArray(value) && value.every(accepts);
}
