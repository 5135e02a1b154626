import type { TaskDescription } from '@tracecore/kit';
import { type Fault, type Limits, type PreparedProgram, World } from '@tracecore/sandbox';
import type { Json, JsonObject } from '@tracecore/spec';
import type { TaskManifest } from '@tracecore/tasks';
import type { SetupReport, TaskInspection, WorldSnapshot } from '@tracecore/tasks/lint';
import { type Hosts, prepareProgram } from '../episode/hosts.js';
import type { JobProgram } from '../episode/job.js';
import { virtualTimeOf } from '../episode/open-task.js';
import { deriveSeed, randomStream } from '../episode/random-stream.js';
import { readDescription } from '../episode/read-description.js';
import { firstWorldDifference } from './world-difference.js';
import { WorldRecorder } from './world-recorder.js';

/** What an inspector is asked, as plain JSON. */
export interface InspectionRequest {
  program: JobProgram;
  taskRef: string;
  manifest: TaskManifest;
  seeds: number[];
  limits: Limits;
}

type SetUp = { world: WorldSnapshot } | { fault: string };

/**
 * Opens a task's program, asks what its actions are, and sets it up twice for each seed, each time in an episode of its
 * own. Whatever the program does wrong is part of the answer.
 */
export async function inspectProgram(hosts: Hosts, request: InspectionRequest): Promise<TaskInspection> {
  const program = await prepareProgram(hosts, request.program, request.limits);
  const described = await describeActions(program, request);
  if ('fault' in described) return { actions: null, fault: described.fault, setups: [] };
  const setups: SetupReport[] = [];
  for (const seed of request.seeds) setups.push(await setUpTwice(program, request, seed));
  return { actions: described.actions, fault: null, setups };
}

async function describeActions(
  program: PreparedProgram,
  request: InspectionRequest,
): Promise<{ actions: TaskDescription['actions'] } | { fault: string }> {
  const answer = await callOnce(program, request, { seed: 0, method: 'describe', params: {} });
  return 'fault' in answer ? answer : readDescription(answer.value);
}

async function setUpTwice(program: PreparedProgram, request: InspectionRequest, seed: number): Promise<SetupReport> {
  const first = await setUp(program, request, seed);
  if ('fault' in first) return { seed, world: null, fault: first.fault, difference: null };
  const second = await setUp(program, request, seed);
  if ('fault' in second) {
    return { seed, world: first.world, fault: null, difference: `the second failed: ${second.fault}` };
  }
  return { seed, world: first.world, fault: null, difference: firstWorldDifference(first.world, second.world) };
}

async function setUp(program: PreparedProgram, request: InspectionRequest, seed: number): Promise<SetUp> {
  const { filesystem_roots: filesystemRoots, network_hosts: networkHosts } = request.manifest.sandbox;
  const world = new World({ filesystemRoots, networkHosts });
  const recorder = new WorldRecorder(world);
  const answer = await callOnce(program, request, { seed, method: 'setup', params: { seed }, recorder });
  if (world.violation !== null) return { fault: world.violation };
  return 'fault' in answer ? answer : { world: recorder.snapshot() };
}

interface Call {
  seed: number;
  method: 'describe' | 'setup';
  params: JsonObject;
  recorder?: WorldRecorder;
}

async function callOnce(
  program: PreparedProgram,
  { taskRef }: InspectionRequest,
  { seed, method, params, recorder }: Call,
): Promise<{ value: Json } | { fault: string }> {
  const opened = await program.open({
    role: 'task',
    services: (name, given) => {
      if (recorder === undefined) throw new Error('there is no world while a program is described');
      return recorder.serve(name, given);
    },
    random: randomStream('task', taskRef, seed),
    randomSeed: String(deriveSeed('task', taskRef, seed)),
    log: () => undefined,
  });
  if ('fault' in opened) return { fault: textOf(opened.fault) };
  try {
    const outcome = await opened.session.call(method, params, { deadline: null, virtualNow: virtualTimeOf(0) });
    return 'fault' in outcome ? { fault: textOf(outcome.fault) } : { value: outcome.value };
  } finally {
    await opened.session.close();
  }
}

function textOf({ message, location }: Fault): string {
  return location === undefined ? message : `${message} (${location})`;
}
