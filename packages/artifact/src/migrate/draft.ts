import type { Json, JsonObject } from '@tracecore/spec';
import { pointerTo } from '../pointer.js';

/** Where a value comes from: another field of the file, or a rule where the file says nothing. */
export type Source = 'said' | 'assumed';

/** An object of the file in the making, at its pointer; every change is written down. */
export interface Draft {
  readonly pointer: string;
  /** A value of the object itself; undefined when it has none, and for null where `nullIsNone`. */
  get(field: string, nullIsNone?: boolean): Json | undefined;
  /** Fills a field that is missing or has an old shape. */
  set(field: string, value: Json, source: Source): void;
  /** Whether the value at a pointer, or a part of it, was assumed. */
  isAssumed(pointer: string): boolean;
  /** Another object, written down in the same record. */
  at(pointer: string, object: JsonObject): Draft;
}

/** What was changed, as a `MigrationRecord` has it. */
export interface Changes {
  changed: string[];
  assumed: string[];
}

export function draftOf(object: JsonObject, changes: Changes, pointer = ''): Draft {
  return {
    pointer,
    get(field, nullIsNone = false) {
      const value = Object.hasOwn(object, field) ? object[field] : undefined;
      return nullIsNone && value === null ? undefined : value;
    },
    set(field, value, source) {
      const place = pointerTo(pointer, field);
      Object.defineProperty(object, field, { value, enumerable: true, configurable: true, writable: true });
      changes.changed.push(place);
      if (source === 'assumed') changes.assumed.push(place);
    },
    isAssumed: (place) => changes.assumed.some((one) => one === place || one.startsWith(`${place}/`)),
    at: (below, child) => draftOf(child, changes, below),
  };
}
