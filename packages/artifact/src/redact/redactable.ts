/** Where `*` stands for every index, and `**` for the place itself and everything below. First match counts. */
const RULES: readonly [pattern: string, refusal: string | null][] = [
  ['failure_reason', null],
  ['episode_config_meta/**', null],
  ['agent_config/**', null],
  ['validator/ok/**', 'it decides the outcome'],
  ['validator/terminal/**', 'it decides the outcome'],
  ['validator/success/**', 'it decides the outcome'],
  ['validator/termination_reason/**', 'it decides the outcome'],
  ['validator/failure_type/**', 'it decides the outcome'],
  ['validator/+/**', null],
  ['action_trace/*/observation/visible_state/**', null],
  ['action_trace/*/observation/step/**', 'the budgets are checked by it'],
  ['action_trace/*/observation/budget_remaining/**', 'the budgets are checked by it'],
  ['action_trace/*/observation/task/description', null],
  ['action_trace/*/observation/task/**', 'it says which task ran'],
  ['action_trace/*/observation/last_action/type/**', 'the kind of an action stays'],
  ['action_trace/*/observation/last_action/+/**', null],
  ['action_trace/*/observation/last_action', 'the kind of an action stays; name the fields inside it'],
  ['action_trace/*/observation/+/**', null],
  ['action_trace/*/action/type/**', 'the kind of an action stays'],
  ['action_trace/*/action/+/**', null],
  ['action_trace/*/action', 'the kind of an action stays; name the fields inside it'],
  ['action_trace/*/result/**', null],
  ['action_trace/*/llm_trace/**', null],
  ['action_trace/*/telemetry/action_metrics/latency_ms', 'it has to be a number; name action_metrics'],
  ['action_trace/*/telemetry/**', null],
];

/** Why the value at these segments has to stay, or null when it may be redacted. */
export function refusalOf(segments: readonly string[]): string | null {
  for (const [pattern, refusal] of RULES) if (matches(pattern.split('/'), segments)) return refusal;
  return 'budgets, taxonomy, identity and audit are checked by what stands there';
}

/**
 * The place that an observation repeats: an action, a result, or something within; null for any other place.
 * Action and result of a step stand again in the observation of the next one.
 */
export function repeatedBy(segments: readonly string[]): string[] | null {
  const [trace, index, observation, field, ...rest] = segments;
  if (trace !== 'action_trace' || observation !== 'observation' || !(Number(index) > 0)) return null;
  if (field !== 'last_action' && field !== 'last_action_result') return null;
  return [trace, String(Number(index) - 1), field === 'last_action' ? 'action' : 'result', ...rest];
}

/** The place in the next observation that repeats this one; null for what no observation repeats. */
export function repetitionOf(segments: readonly string[]): string[] | null {
  const [trace, index, field, ...rest] = segments;
  if (trace !== 'action_trace' || (field !== 'action' && field !== 'result')) return null;
  const repeated = field === 'action' ? 'last_action' : 'last_action_result';
  return [trace, String(Number(index) + 1), 'observation', repeated, ...rest];
}

function matches(pattern: readonly string[], segments: readonly string[]): boolean {
  for (const [index, part] of pattern.entries()) {
    if (part === '**') return true;
    const segment = segments[index];
    if (segment === undefined) return false;
    if (part !== segment && part !== '+' && !(part === '*' && /^\d+$/.test(segment))) return false;
  }
  return pattern.length === segments.length;
}
