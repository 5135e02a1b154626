import { Validator } from '@cfworker/json-schema';
import type { TaskDescription } from '@tracecore/kit';
import { isJsonObject, type Json } from '@tracecore/spec';

/** The actions that a task's `describe` names, or why its answer is none. A task's bundle may answer anything. */
export function readDescription(value: Json): { actions: TaskDescription['actions'] } | { fault: string } {
  if (!isJsonObject(value) || !isJsonObject(value.actions)) return { fault: 'expected an object with actions' };
  for (const [name, action] of Object.entries(value.actions)) {
    if (!isJsonObject(action) || typeof action.description !== 'string' || !isJsonObject(action.args)) {
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
