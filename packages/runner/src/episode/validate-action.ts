import { Validator } from '@cfworker/json-schema';
import { type Action, isJsonObject, type Json, type JsonObject } from '@tracecore/spec';
import type { InvalidAction, InvalidActionCode } from './invalid-action.js';

/** Longest message and pointer that are kept, in UTF-16 units. */
const TEXT_CHARS = 2_000;

export type ActionCheck = { action: Action } | { invalid: InvalidAction };

/** The actions an agent may use, ready to check against. */
export interface ActionSurface {
  names: string[];
  check(value: Json): ActionCheck;
}

/** Prepares the checks of a task's actions, in the order of the spec (§3.6): type, args, missing, unknown, invalid. */
export function createActionSurface(actions: Record<string, { args: JsonObject }>, taskRef: string): ActionSurface {
  const validators = new Map<string, Validator>();
  const names = Object.keys(actions);

  function check(value: Json): ActionCheck {
    if (!isJsonObject(value))
      return refuse('action_must_be_object', '', `an action must be an object, got ${show(value)}`);
    const { type, args } = value;
    if (typeof type !== 'string' || type === '') {
      return refuse('invalid_action_type', '/type', `an action's type must be a non-empty text, got ${show(type)}`);
    }
    const definition = Object.hasOwn(actions, type) ? actions[type] : undefined;
    if (!definition) {
      return refuse(
        'unknown_action',
        '/type',
        `${show(type)} is not an action of ${taskRef}; it has ${names.join(', ')}`,
      );
    }
    if (!isJsonObject(args)) return refuse('args_must_be_object', '/args', `args must be an object, got ${show(args)}`);
    return checkArgs(type, definition.args, args) ?? { action: value as Action };
  }

  function checkArgs(type: string, schema: JsonObject, args: JsonObject): ActionCheck | null {
    const known = Object.keys(isJsonObject(schema.properties) ? schema.properties : {});
    const required = Array.isArray(schema.required) ? (schema.required as string[]) : [];
    const missing = required.find((name) => !Object.hasOwn(args, name));
    if (missing !== undefined) {
      return refuse('missing_arg', `/args/${escapePointer(missing)}`, `${type} needs the argument ${missing}`);
    }
    const unknown =
      schema.additionalProperties === false ? Object.keys(args).find((name) => !known.includes(name)) : undefined;
    if (unknown !== undefined) {
      const takes = known.length > 0 ? known.join(', ') : 'no arguments';
      const what = `${type} has no argument ${shorten(unknown)}; it takes ${takes}`;
      return refuse('unknown_arg', `/args/${escapePointer(unknown)}`, what);
    }
    const found = findMismatch(type, schema, args);
    return (
      found && refuse('invalid_arg', `/args${found.pointer}`, `/args${found.pointer} of ${type}: ${found.message}`)
    );
  }

  function findMismatch(
    type: string,
    schema: JsonObject,
    args: JsonObject,
  ): { pointer: string; message: string } | null {
    try {
      const { valid, errors } = validatorOf(type, schema).validate(withoutPrototypes(args));
      if (valid) return null;
      // The last error is the innermost: the value itself, not the objects around it.
      const innermost = errors.at(-1);
      // The checker writes its pointers as the fragment of a URI.
      const pointer = decodeURI(innermost?.instanceLocation.slice(1) ?? '');
      return { pointer, message: innermost?.error ?? 'does not match its schema' };
    } catch {
      // A pattern that is none, a reference that leads nowhere or back to itself. What was thrown depends on the machine.
      return { pointer: '', message: 'cannot be checked, since the schema in the task is broken' };
    }
  }

  function validatorOf(type: string, schema: JsonObject): Validator {
    const known = validators.get(type);
    if (known) return known;
    const validator = new Validator(schema, '2020-12', true);
    validators.set(type, validator);
    return validator;
  }

  return { names, check };
}

/** Agents write parts of both, and may write a lot. */
function refuse(code: InvalidActionCode, pointer: string, message: string): ActionCheck {
  const cut = pointer.slice(0, TEXT_CHARS).replace(/~$/, '');
  return { invalid: { code, pointer: cut.toWellFormed(), message: message.slice(0, TEXT_CHARS).toWellFormed() } };
}

/** The checker asks with `in` whether a property is there, and would find what every object inherits. */
function withoutPrototypes(value: Json): Json {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(withoutPrototypes);
  const copy = Object.create(null) as JsonObject;
  for (const key of Object.keys(value)) copy[key] = withoutPrototypes(value[key] as Json);
  return copy;
}

function escapePointer(segment: string): string {
  return segment.replaceAll('~', '~0').replaceAll('/', '~1');
}

function show(value: Json | undefined): string {
  return shorten(JSON.stringify(value) ?? 'nothing');
}

function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80).toWellFormed()}…` : text;
}
