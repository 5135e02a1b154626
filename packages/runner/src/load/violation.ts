import { type CodePrint, findCopy } from '@tracecore/sandbox/bundle';
import type { EpisodeRequest } from '../types.js';

/**
 * Why an agent may not play a task at all: it imports a file of a task, or holds a copy of the code of this one. It could
 * work out from a guessed seed what it is meant to find. Null when neither was found.
 */
export async function violationIn({ agent, task }: Pick<EpisodeRequest, 'agent' | 'task'>): Promise<string | null> {
  if (agent.violation !== null) return agent.violation;
  const isPython = agent.ref.endsWith('.py');
  if (!agent.prints?.length || !task.prints || isPython !== (task.language === 'python')) return null;
  const copy = findCopy(agent.prints, await task.prints());
  if (copy === null) return null;
  return `${agent.ref} repeats code of ${task.ref}: ${placeOf(copy.agent)} is ${placeOf(copy.task)} of the task; agents may not see tasks' code`;
}

const placeOf = ({ name, path }: CodePrint) => (name === null ? path : `${name} in ${path}`);
