import { Validator } from '@cfworker/json-schema';
import type { TaskDescription } from '@tracecore/kit';
import type { Json, JsonObject } from '@tracecore/spec';

/** The actions that a task's `describe` names, or why its answer is none. A task's bundle may answer anything. */
export function readDescription(value: Json): { actions: TaskDescription['actions'] } | { fault: string } {
  if (!isObject(value) || !isObject(value.actions)) return { fault: 'expected an object with actions' };
  for (const [name, action] of Object.entries(value.actions)) {
    if (!isObject(action) || typeof action.description !== 'string' || !isObject(action.args)) {
      return { fault: `expected action ${name.slice(0, 80)} to have a description and a schema of its args` };
    }
    try {
      new Validator(action.args, '2020-12').validate({});
    } catch {
      return { fault: `the schema of the args of action ${name.slice(0, 80)} cannot be used` };
    }
  }
  return { actions: value.actions as unknown as TaskDescription['actions'] };
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
