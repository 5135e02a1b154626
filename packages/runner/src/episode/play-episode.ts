import type { CallOutcome, Fault, PreparedProgram, Session } from '@tracecore/sandbox';
import {
  isJsonObject,
  type Json,
  type JsonObject,
  type Observation,
  type TraceEntry,
  type Validation,
} from '@tracecore/spec';
import { RunnerError } from '../error.js';
import type { EpisodeOutcome } from '../types.js';
import { type Ending, endOfFault, endOfValidation, endWith } from './ending.js';
import { requireSameStep } from './frozen-step.js';
import type { Hosts } from './hosts.js';
import { codeOfPointer, type InvalidAction } from './invalid-action.js';
import type { EpisodeJob, PlayerEnvironment } from './job.js';
import { NO_AGENT, openAgent, prepareAgent, recordedSession } from './open-agent.js';
import { type OpenedTask, openTask, virtualTimeOf } from './open-task.js';
import { findValidationFault } from './read-validation.js';
import { type ActionSurface, createActionSurface } from './validate-action.js';

/** Most an agent may print in one step, in UTF-16 units; what is more is dropped. */
const LOG_CHARS_PER_STEP = 8_192;

/**
 * Plays one episode to its end. Every way it can end is an outcome; each trace entry is told as soon as it is written.
 * @throws {RunnerError} TASK_SETUP_FAILED, TASK_INVALID, TOOLS_UNKNOWN, AGENT_INVALID: no episode began; FORK_DIFFERS,
 * FORK_OVER: the frozen steps do not lead to where the agent is to go on.
 */
export async function playEpisode(
  hosts: Hosts,
  job: EpisodeJob,
  environment: PlayerEnvironment,
): Promise<EpisodeOutcome> {
  const agent = await prepareAgent(hosts, job);
  try {
    const task = await openTask(hosts, job);
    const player = new EpisodePlayer(job, task, environment);
    try {
      return await player.play(agent);
    } finally {
      await player.close();
    }
  } finally {
    await agent?.cool?.();
  }
}

/** The referee of one episode: it alone holds the budgets, the trace and the clock. */
class EpisodePlayer {
  readonly #job: EpisodeJob;
  readonly #task: OpenedTask;
  readonly #environment: PlayerEnvironment;
  readonly #surface: ActionSurface;
  readonly #startedAt: number;
  readonly #deadline: number | null;
  #agent: Session | null = null;
  #stepsUsed = 0;
  #toolCallsUsed = 0;
  #lastAction: JsonObject | null = null;
  #lastResult: JsonObject | null = null;
  #log: string[] = [];
  #logChars = 0;

  constructor(job: EpisodeJob, task: OpenedTask, environment: PlayerEnvironment) {
    this.#job = job;
    this.#task = task;
    this.#environment = environment;
    this.#surface = createActionSurface(task.actions, job.taskRef);
    this.#startedAt = environment.clock.monotonic();
    const { wall_clock_seconds: seconds } = job.budgets;
    this.#deadline = seconds === null ? null : this.#startedAt + seconds * 1_000;
  }

  async play(agent: PreparedProgram | null): Promise<EpisodeOutcome> {
    await this.#playFrozen();
    let ending = await this.#begin(agent);
    while (ending === null) ending = await this.#turn();
    return {
      termination_reason: ending.reason,
      failure_reason: ending.failureReason,
      failure_type: ending.failureType,
      steps_used: this.#stepsUsed,
      tool_calls_used: this.#toolCallsUsed,
      validator: ending.validation ?? {},
    };
  }

  async close(): Promise<void> {
    await Promise.all([this.#agent?.close(), this.#task.session.close()]);
  }

  /** Plays what is frozen, without any agent: the job's own is opened and reset at the step that it goes on from. */
  async #playFrozen(): Promise<void> {
    const { frozen = [], budgets } = this.#job;
    if (frozen.length === 0) return;
    this.#agent = recordedSession(frozen.map(({ action }) => ({ action: action as JsonObject })));
    for (const { step } of frozen) {
      const ending = await this.#turn();
      if (ending) throw forkOver(`step ${step} ends the episode (${ending.failureReason ?? ending.reason})`);
    }
    if (this.#stepsUsed >= budgets.steps) throw forkOver(`its budget of ${budgets.steps} steps is used up by then`);
  }

  async #begin(agent: PreparedProgram | null): Promise<Ending | null> {
    const opened = await openAgent(agent, this.#job, this.#deadline, (line) => this.#keepLog(line));
    if ('fault' in opened) {
      const { fault } = opened;
      if (fault.noProgram || fault.message.startsWith(NO_AGENT)) throw agentInvalid(this.#job, fault);
      return this.#endOfAgentFault(fault, 'load');
    }
    this.#agent = opened.session;
    const { id, version, description } = this.#job.manifest;
    const { steps, tool_calls } = this.#job.budgets;
    const task = { id, version, description, actions: this.#task.actions, budgets: { steps, tool_calls } };
    const answer = await this.#ask(opened.session, 'reset', { task: task as unknown as JsonObject });
    return 'fault' in answer ? this.#endOfAgentFault(answer.fault, 'reset') : null;
  }

  /** One turn, its checks in the order of the spec (§3.10). Null when the episode goes on. */
  async #turn(): Promise<Ending | null> {
    const { budgets } = this.#job;
    if (this.#isLate()) return this.#timeout();
    if (this.#stepsUsed >= budgets.steps) return endWith('steps_exhausted', 'steps_exhausted');

    const observation = this.#observe();
    const answer = await this.#ask(this.#agent as Session, 'act', {
      observation: observation as unknown as JsonObject,
    });
    // An answer that JSON cannot hold is an action, if none that could be taken; a broken exchange is no answer.
    if ('fault' in answer && answer.fault.pointer === undefined) return this.#endOfAgentFault(answer.fault, 'act');
    this.#stepsUsed += 1;

    const checked = 'fault' in answer ? { invalid: notJson(answer.fault) } : this.#surface.check(answer.value);
    if ('invalid' in checked)
      return this.#refuse(observation, 'fault' in answer ? null : answer.value, checked.invalid);
    if (this.#toolCallsUsed >= budgets.tool_calls) return endWith('tool_calls_exhausted', 'tool_calls_exhausted');
    return this.#execute(observation, checked.action);
  }

  async #execute(observation: Observation, action: JsonObject): Promise<Ending | null> {
    const { session, world } = this.#task;
    world.beginStep();
    const before = this.#environment.clock.monotonic();
    const answer = await this.#ask(session, 'execute', {
      action: { type: action.type as Json, args: action.args as Json },
    });
    const latency = this.#environment.clock.monotonic() - before;

    if (world.violation) {
      const result = { ok: false, error: 'sandbox_violation', message: world.violation };
      this.#record(observation, action, result, 0, latency);
      return endWith('sandbox_violation', world.violation);
    }
    this.#toolCallsUsed += 1;
    const fault = 'fault' in answer ? answer.fault : faultOfResult(answer.value);
    if (fault) {
      const ending = endOfFault(fault, String(action.type), 'action_exception');
      const result = { ok: false, error: ending.reason, message: ending.failureReason };
      this.#record(observation, action, result, 1, latency);
      return ending;
    }
    this.#record(observation, action, (answer as { value: JsonObject }).value, 1, latency);
    return this.#validate();
  }

  async #validate(): Promise<Ending | null> {
    const { session, world } = this.#task;
    const answer = await this.#ask(session, 'validate', {});
    if (world.violation) return endWith('sandbox_violation', world.violation);
    if ('fault' in answer) return endOfFault(answer.fault, 'validate', 'action_exception');
    const { value } = answer;
    const wrong = findValidationFault(value);
    if (wrong) return endWith('action_exception', `validate: ${wrong}`);
    return endOfValidation(value as unknown as Validation);
  }

  #observe(): Observation {
    const { id, description } = this.#job.manifest;
    return {
      step: this.#stepsUsed + 1,
      task: { id, description },
      last_action: this.#lastAction,
      last_action_result: this.#lastResult,
      visible_state: this.#task.world.visibleState(),
      budget_remaining: this.#remaining(),
    };
  }

  /** Traces an action that was not executed, and ends the episode. */
  #refuse(observation: Observation, value: Json, invalid: InvalidAction): Ending {
    const { code, message, pointer } = invalid;
    this.#task.world.beginStep();
    const action = isJsonObject(value) ? value : {};
    this.#record(observation, action, { ok: false, error: code, message, pointer }, 0, 0);
    return endWith('invalid_action', code);
  }

  #record(observation: Observation, action: JsonObject, result: JsonObject, toolCalls: 0 | 1, latencyMs: number): void {
    const error = typeof result.error === 'string' ? result.error : null;
    const entry = {
      step: observation.step,
      action_ts: this.#environment.clock.iso(),
      observation,
      action,
      result,
      io_audit: this.#task.world.audit(),
      llm_trace: null,
      budget_after_step: this.#remaining(),
      budget_delta: { steps: 1, tool_calls: toolCalls },
      telemetry: {
        action_metrics: { latency_ms: Math.round(latencyMs * 1_000) / 1_000, error },
        ...(this.#log.length > 0 ? { log: this.#log } : {}),
      },
    };
    requireSameStep(this.#job.frozen?.[observation.step - 1], entry as unknown as TraceEntry);
    this.#lastAction = action;
    this.#lastResult = result;
    this.#log = [];
    this.#logChars = 0;
    this.#environment.onEntry(entry as unknown as TraceEntry);
  }

  #ask(session: Session, method: string, params: JsonObject): Promise<CallOutcome> {
    return session.call(method, params, { deadline: this.#deadline, virtualNow: virtualTimeOf(this.#stepsUsed) });
  }

  #endOfAgentFault(fault: Fault, method: string): Ending {
    return fault.kind === 'deadline' && this.#isLate() ? this.#timeout() : endOfFault(fault, method, 'agent_exception');
  }

  #timeout(): Ending {
    return endWith('timeout', `wall clock of ${this.#job.budgets.wall_clock_seconds} s used up`);
  }

  #isLate(): boolean {
    return this.#deadline !== null && this.#environment.clock.monotonic() >= this.#deadline;
  }

  #remaining() {
    const { steps, tool_calls } = this.#job.budgets;
    return { steps: steps - this.#stepsUsed, tool_calls: tool_calls - this.#toolCallsUsed };
  }

  #keepLog(line: string): void {
    if (this.#logChars + line.length > LOG_CHARS_PER_STEP) return;
    this.#logChars += line.length;
    this.#log.push(line);
  }
}

function agentInvalid({ agent }: EpisodeJob, { message, location }: Fault): RunnerError {
  const program = 'bundle' in agent ? agent.bundle : 'command' in agent ? agent.command : null;
  const where = location ? ` (${location})` : '';
  return new RunnerError('AGENT_INVALID', `${program?.name ?? 'agent'}: ${message.replace(/^KitError: /, '')}${where}`);
}

function forkOver(why: string): RunnerError {
  return new RunnerError('FORK_OVER', `no agent can go on from there: ${why}; fork the run at an earlier step`);
}

function notJson(fault: Fault): InvalidAction {
  const pointer = fault.pointer ?? '';
  return { code: codeOfPointer(pointer), pointer, message: fault.message };
}

function faultOfResult(value: Json): Fault | null {
  if (isJsonObject(value)) return null;
  return { kind: 'protocol', message: 'the action returned no object', deterministic: true };
}
