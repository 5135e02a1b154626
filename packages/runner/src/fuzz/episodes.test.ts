import { checkHash, parseJson } from '@tracecore/artifact';
import { sha256 } from '@tracecore/artifact/node';
import { createIsolateHost, createProcessHost } from '@tracecore/sandbox';
import type { Artifact, TraceEntry } from '@tracecore/spec';
import type { LoadedTask } from '@tracecore/tasks';
import { build } from 'esbuild';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { assembleArtifact } from '../episode/assemble-artifact.js';
import type { Hosts } from '../episode/hosts.js';
import type { EpisodeJob } from '../episode/job.js';
import { DEFAULT_LIMITS } from '../episode/limits.js';
import { playEpisode } from '../episode/play-episode.js';
import { expectSound } from '../testing/expect-sound.js';
import { fuzzSeed, inheritedNames, wildExpression, wildObject } from '../testing/wild.js';
import { repositoryRoot, runtime } from '../testing/workspace.js';
import type { EpisodeRequest, IsolationReport, Replayed, Runner } from '../types.js';
import { rederive } from '../verify/rederive.js';

const EPISODES = 1_500;
/** Of so many episodes one is derived again from its record. */
const DERIVE_EVERY = 5;

/** Answers with what the task's description says for the step. */
const AGENT = `
import { adaptAgent } from '@tracecore/kit/guest';
const act = ({ task, step }) => globalThis.eval('(' + JSON.parse(task.description)[step - 1] + ')');
export const program = adaptAgent({ default: { act } });`;
/** Gives the result and the verdict that the action asks for. */
const TASK = `
import { adaptTask } from '@tracecore/kit/guest';
const evaluate = (source) => globalThis.eval('(' + source + ')');
const args = { type: 'object', properties: { result: { type: 'string' }, verdict: { type: 'string' } }, required: ['result'] };
const run = ({ result, verdict }, { state }) => { state.verdict = verdict ?? '{ ok: false }'; return evaluate(result); };
export const program = adaptTask({
  setup: { default: () => ({ verdict: '{ ok: false }' }) },
  actions: { default: { say: { description: 'Says it.', args, run } } },
  validate: { default: ({ state }) => evaluate(state.verdict) },
});`;

// Thousands of messages take a while on a machine that does other things too.
vi.setConfig({ testTimeout: 120_000 });

const seed = fuzzSeed();
const inherited = inheritedNames();
const limits = { ...DEFAULT_LIMITS, memoryBytes: 32 * 1024 * 1024 };
const clock = { iso: () => '2026-03-01T10:00:00.000Z', monotonic: () => performance.now() };
let messages = 0;
let hosts: Hosts;
let job: (description: string) => EpisodeJob;

beforeAll(async () => {
  hosts = { bundles: await createIsolateHost(), commands: createProcessHost() };
  const [agent, task] = await Promise.all([bundled('agents/wild.js', AGENT), bundled('wild@1', TASK)]);
  job = (description) => ({
    agent: { bundle: agent },
    task: { bundle: task },
    taskRef: 'wild@1',
    manifest: {
      id: 'wild',
      suite: 'fuzz',
      version: 1,
      description,
      deterministic: true,
      seed_behavior: 'None.',
      budgets: { steps: 4, tool_calls: 3, wall_clock_seconds: null },
      action_surface: { actions: ['say'] },
      setup: { entrypoint: 'setup.ts' },
      actions: { entrypoint: 'actions.ts' },
      validator: { entrypoint: 'validate.ts' },
      sandbox: { filesystem_roots: ['/app'], network_hosts: [] },
    },
    seed: 7,
    budgets: { steps: 4, tool_calls: 3, wall_clock_seconds: null },
    limits,
    tools: null,
  });
});
afterAll(() => {
  hosts.bundles.close();
  console.log(
    `fuzz: ${messages.toLocaleString('en')} messages in ${EPISODES.toLocaleString('en')} episodes, seed ${seed}`,
  );
  expect(inheritedNames()).toEqual(inherited);
});

async function bundled(name: string, contents: string) {
  const stdin = { contents, resolveDir: `${repositoryRoot}/packages/runner` };
  const { outputFiles } = await build({ stdin, bundle: true, format: 'esm', platform: 'neutral', write: false });
  const code = outputFiles[0]?.text ?? '';
  return {
    name,
    sourceRoot: '',
    code,
    map: '',
    sources: [],
    digest: `sha256:${sha256(new TextEncoder().encode(code))}`,
  };
}

async function play(given: EpisodeJob): Promise<Replayed> {
  const entries: TraceEntry[] = [];
  const outcome = await playEpisode(hosts, given, { clock, onEntry: (entry) => entries.push(structuredClone(entry)) });
  return { entries, outcome };
}

function seal(given: EpisodeJob, { entries, outcome }: Replayed): Artifact {
  const request = { agent: { ref: 'agents/wild.js', hash: 'sha256:a' }, task: { hash: 'sha256:t' } } as EpisodeRequest;
  const isolation = { host: 'isolate' } as IsolationReport;
  const at = { runId: 'a'.repeat(32), startedAt: clock.iso(), completedAt: clock.iso(), elapsedSeconds: 0 };
  return assembleArtifact({ request, job: given, runtime, entries, outcome, isolation, ...at });
}

const VERDICT = [
  'success',
  'terminal',
  'message',
  'error',
  'failure_reason',
  'failure_type',
  'termination_reason',
  'metrics',
  'payload',
  '__proto__',
];
const verdict = fc.oneof(
  { weight: 6, arbitrary: wildObject({ ok: 'false' }, VERDICT) },
  { weight: 2, arbitrary: wildObject({ ok: 'true' }, VERDICT) },
  { weight: 1, arbitrary: wildExpression },
);
const result = fc.oneof(
  { weight: 5, arbitrary: wildObject({ ok: 'true' }, ['error', 'pointer', 'message', 'constructor']) },
  wildExpression,
);
const say = fc.tuple(result, fc.option(verdict, { freq: 3 })).chain(([said, judged]) =>
  wildObject(
    {
      type: '"say"',
      args: `{ result: ${JSON.stringify(said)}, verdict: ${judged === null ? 'undefined' : JSON.stringify(judged)} }`,
    },
    [],
  ),
);
const step = fc.oneof({ weight: 8, arbitrary: say }, { weight: 1, arbitrary: wildExpression });

describe('an episode of strangers', () => {
  test('ends in an artifact that holds, whatever they say', async () => {
    const endings = new Map<string, number>();
    let episodes = 0;
    const check = async (steps: string[]) => {
      episodes += 1;
      const given = job(JSON.stringify(steps));
      const played = await play(given);
      const artifact = seal(given, played);
      messages += artifact.steps_used + 2 * artifact.tool_calls_used;
      endings.set(artifact.termination_reason, (endings.get(artifact.termination_reason) ?? 0) + 1);
      expectSound(artifact);
      const text = JSON.stringify(artifact);
      const read = parseJson(text) as Artifact;
      expect(JSON.stringify(read)).toBe(text);
      expect([...checkHash(artifact, sha256), ...checkHash(read, sha256)]).toEqual([]);
      if (episodes % DERIVE_EVERY === 0) {
        const task = { ...given.task, ref: 'wild@1', manifest: given.manifest } as LoadedTask;
        expect(await rederive(read, task, { replay: play } as unknown as Runner)).toBeNull();
      }
    };
    await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 4 }), check), {
      seed,
      numRuns: EPISODES,
    });
    const seen = [
      'action_exception',
      'agent_exception',
      'invalid_action',
      'logic_failure',
      'success',
      'tool_calls_exhausted',
    ];
    expect([...endings.keys()].sort()).toEqual(expect.arrayContaining(seen));
  });
});
