import type { CodePrint } from '../bundle-types.js';

/** Code that stands in an agent and in a task. */
export interface Copy {
  agent: CodePrint;
  task: CodePrint;
}

/** The first piece of an agent's code that is a piece of the task's; null when there is none. */
export function findCopy(agent: readonly CodePrint[], task: readonly CodePrint[]): Copy | null {
  const known = new Map(task.map((print) => [print.digest, print]));
  for (const print of agent) {
    const original = known.get(print.digest);
    if (original) return { agent: print, task: original };
  }
  return null;
}
