import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ChildNotice } from '@tracecore/sandbox';
import type { LoadedTask } from '@tracecore/tasks';
import type { TaskInspection } from '@tracecore/tasks/lint';
import { programOf } from '../episode/create-job.js';
import { DEFAULT_LIMITS } from '../episode/limits.js';
import { RunnerError } from '../error.js';
import { ChildGroups } from '../worker/child-groups.js';
import type { InspectionRequest } from './inspect-program.js';

/** A call of a broken task may take this long; the limits of an episode are for agents that think. */
const CALL_DEADLINE_MS = 5_000;
const DEADLINE_MS = 30_000;
const KEPT_STDERR_CHARS = 4_096;

export interface InspectOptions {
  /** Each is set up twice; none to have the actions described alone. */
  seeds: readonly number[];
  /** The module that the inspecting process runs; by default this package's own. */
  inspectorEntry?: string;
  /** The whole inspection, in ms; then the process is killed and the task counts as hanging. */
  deadlineMs?: number;
}

/**
 * Opens a task's program in a process of its own and tells what it is: its actions, and what its setup does. A program
 * that throws, hangs or takes the process down is an answer, not an error.
 * @throws {RunnerError} WORKER_FAILED when the process cannot start or says something else than an inspection.
 */
export async function inspectTask(task: LoadedTask, options: InspectOptions): Promise<TaskInspection> {
  const entry = options.inspectorEntry ?? fileURLToPath(new URL('../task-inspector-main.js', import.meta.url));
  const deadlineMs = options.deadlineMs ?? DEADLINE_MS;
  const request: InspectionRequest = {
    program: programOf(task),
    taskRef: task.ref,
    manifest: task.manifest,
    seeds: [...options.seeds],
    limits: { ...DEFAULT_LIMITS, callDeadlineMs: CALL_DEADLINE_MS },
  };
  const { answer, stderr, ended, late } = await ask(entry, JSON.stringify(request), deadlineMs);
  if (answer !== null) return answer;
  if (late) return failed(`it did not answer within ${deadlineMs / 1_000} s`);
  const detail = stderr.trim().split('\n').at(-1) || ended;
  if (ended.startsWith('signal')) return failed(`it took its process down: ${detail}`);
  throw new RunnerError('WORKER_FAILED', `the process that inspects tasks gave no answer: ${detail}`);
}

const failed = (fault: string): TaskInspection => ({ actions: null, fault, setups: [] });

/** What the inspecting process tells, one JSON object a line: the processes it started, then its answer. */
export type InspectorMessage = { child: ChildNotice } | { answer: TaskInspection };

interface Ended {
  answer: TaskInspection | null;
  stderr: string;
  ended: string;
  late: boolean;
}

function ask(entry: string, request: string, deadlineMs: number): Promise<Ended> {
  // Nothing of the parent's environment, and a folder that says nothing about the workspace.
  const child = spawn(process.execPath, ['--no-warnings', entry], {
    cwd: tmpdir(),
    env: { TZ: 'UTC', LANG: 'C' },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const groups = new ChildGroups();
  let answer: TaskInspection | null = null;
  let stderr = '';
  let late = false;
  createInterface({ input: child.stdout }).on('line', (line) => {
    const message = parseMessage(line);
    if (message === null) child.kill('SIGKILL');
    else if ('child' in message) groups.note(message.child, child.pid);
    else answer = message.answer;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr = (stderr + chunk).slice(-KEPT_STDERR_CHARS);
  });
  // A process that dies while it is written to says so through its end.
  child.stdin.on('error', () => undefined);
  child.stdin.end(request);
  const timer = setTimeout(() => {
    late = true;
    child.kill('SIGKILL');
  }, deadlineMs);
  return new Promise((resolve, reject) => {
    child.once('error', (error) => {
      clearTimeout(timer);
      reject(new RunnerError('WORKER_FAILED', `the process that inspects tasks could not start: ${error.message}`));
    });
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      void groups
        .end(child.pid)
        .then(() => resolve({ answer, stderr, ended: signal ? `signal ${signal}` : `exit code ${code}`, late }));
    });
  });
}

function parseMessage(line: string): InspectorMessage | null {
  try {
    const message: unknown = JSON.parse(line);
    return typeof message === 'object' && message !== null ? (message as InspectorMessage) : null;
  } catch {
    return null;
  }
}
