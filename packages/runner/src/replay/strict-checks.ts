import { firstDifference } from '@tracecore/artifact';
import type { Artifact } from '@tracecore/spec';
import { differenceAt, judged, missing, type ReplayCheck } from './report.js';

const USED = [
  ['steps_used', 'STEPS_ABOVE_BASELINE'],
  ['tool_calls_used', 'TOOL_CALLS_ABOVE_BASELINE'],
] as const;

/** What strict asks beyond the comparison: no dearer than the baseline, and the same task and agent. */
export function strictChecks(baseline: Artifact, replayed: Artifact): ReplayCheck[] {
  const used = USED.map(([field, code]) => {
    const [expected, actual] = [baseline[field], replayed[field]];
    return judged(field, code, actual > expected ? { pointer: `/${field}`, expected, actual } : null);
  });
  return [...used, checkTaskHash(baseline, replayed), checkAgentHash(baseline, replayed)];
}

/** The Python runtime hashes a task in another form, bare hexadecimal digits; its own tasks have that hash beside ours. */
function checkTaskHash(baseline: Artifact, replayed: Artifact): ReplayCheck {
  if (baseline.task_hash.startsWith('sha256:'))
    return judged('task_hash', 'TASK_HASH_DIFFERS', differenceAt(baseline, replayed, 'task_hash'));
  const reference = replayed.reference_task_hash;
  if (typeof reference === 'string') {
    const difference = firstDifference(baseline.task_hash, reference, '/task_hash');
    return judged('task_hash', 'TASK_HASH_DIFFERS', difference);
  }
  const message = 'the baseline has the task hash of another runtime, so nothing says that this is the same task';
  return missing('task_hash', 'TASK_HASH_FOREIGN', message, replayed, true, baseline.task_hash);
}

function checkAgentHash(baseline: Artifact, replayed: Artifact): ReplayCheck {
  if (typeof baseline.agent_hash === 'string')
    return judged('agent_hash', 'AGENT_HASH_DIFFERS', differenceAt(baseline, replayed, 'agent_hash'));
  const message = 'the baseline has no agent hash, so nothing says that this is the same agent';
  return missing('agent_hash', 'AGENT_HASH_MISSING', message, replayed, true);
}
