import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ArtifactError, parseJson } from '@tracecore/artifact';
import { type Artifact, type Json, parseArtifact, SpecError } from '@tracecore/spec';
import { type LoadedTask, TasksError } from '@tracecore/tasks';
import * as fc from 'fast-check';
import { afterAll, expect, test, vi } from 'vitest';
import { fuzzSeed, inheritedNames, wildText } from '../testing/wild.js';
import { repositoryRoot } from '../testing/workspace.js';
import type { Runner } from '../types.js';
import { verifyArtifact } from '../verify/verify-artifact.js';

const ARTIFACTS = 4_000;
const MARK = '@@here@@';

// Thousands of messages take a while on a machine that does other things too.
vi.setConfig({ testTimeout: 120_000 });

const seed = fuzzSeed();
const inherited = inheritedNames();
let messages = 0;
afterAll(() => {
  console.log(`fuzz: ${messages.toLocaleString('en')} artifacts of strangers, seed ${seed}`);
  expect(inheritedNames()).toEqual(inherited);
});

const samples = ['valid', 'python'].flatMap((kind) => {
  const folder = join(repositoryRoot, 'spec/vectors/artifacts', kind);
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return names.map((name) => readFileSync(join(folder, name), 'utf8'));
});

/** The text of `value` with its member of that number, in the order of the text, given as `spelled` or left out. */
function changed(value: Json, at: number, spelled: string | null): string {
  let left = at;
  const change = (_key: string, member: Json): Json | undefined => {
    left -= 1;
    if (left !== -2) return member;
    return spelled === null ? undefined : MARK;
  };
  return (JSON.stringify(value, change) ?? 'null').replace(`"${MARK}"`, () => spelled ?? '');
}

const sizes = samples.map((text) => changedSize(JSON.parse(text) as Json));
const stranger = fc
  .record({
    sample: fc.nat(samples.length - 1),
    at: fc.double({ min: 0, max: 0.999, noNaN: true }),
    spelled: fc.oneof({ weight: 6, arbitrary: wildText }, { weight: 1, arbitrary: fc.constant(null) }),
    cut: fc.oneof(
      { weight: 9, arbitrary: fc.constant(1) },
      { weight: 1, arbitrary: fc.double({ min: 0, max: 1, noNaN: true }) },
    ),
    again: fc.oneof({ weight: 9, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: wildText }),
  })
  .map(({ sample, at, spelled, cut, again }) => {
    const text = changed(JSON.parse(samples[sample] as string), Math.floor(at * (sizes[sample] as number)), spelled);
    const doubled = again === null ? text : text.replace('{', `{"seed":${again},`);
    return cut === 1 ? doubled : doubled.slice(0, Math.floor(cut * doubled.length));
  });

/** Finds the task of every other artifact, and plays what was recorded. */
async function verify(value: Json, text: string) {
  const { task_ref: ref, task_hash: hash, action_trace } = (value ?? {}) as unknown as Artifact;
  const found = messages % 2 === 0;
  const get = async () => {
    if (found) return { ref, hash, manifest: {}, bundle: {} } as unknown as LoadedTask;
    throw new TasksError('TASK_NOT_FOUND', 'no such task');
  };
  const outcome = {
    termination_reason: 'success',
    failure_type: null,
    failure_reason: null,
    steps_used: 2,
    tool_calls_used: 2,
  };
  const replay = async () => ({ entries: structuredClone(action_trace), outcome: { ...outcome, validator: {} } });
  const loader = { task: async (task: unknown) => task as LoadedTask };
  return verifyArtifact(value, text, { registry: { get }, loader, runner: { replay } as unknown as Runner });
}

test('an artifact of a stranger is verified, or told what is wrong with it, and nothing else happens', async () => {
  let held = 0;
  const check = async (text: string) => {
    messages += 1;
    // A file is read this way before anything looks at it.
    const refused = errorOf(() => parseJson(text));
    if (refused !== null) {
      expect(refused).toBeInstanceOf(ArtifactError);
      return;
    }
    const value = parseJson(text);
    const parsed = errorOf(() => parseArtifact(value));
    if (parsed !== null) expect(parsed).toBeInstanceOf(SpecError);
    else held += 1;
    const report = await verify(value, text);
    expect(report.checks).toHaveLength(5);
    for (const { status, code, message } of report.checks) {
      expect(['ok', 'fail', 'skip']).toContain(status);
      expect([/^[A-Z_]+$/.test(code), message.length < 5_000]).toEqual([true, true]);
    }
    expect(report.checks.map(({ check: name }) => name)).toEqual([
      'schema',
      'hash',
      'budgets',
      'taxonomy',
      're-derivation',
    ]);
  };
  await fc.assert(fc.asyncProperty(stranger, check), { seed, numRuns: ARTIFACTS });
  expect(held).toBeGreaterThan(ARTIFACTS / 20);
});

function errorOf(run: () => unknown): unknown {
  try {
    run();
    return null;
  } catch (error) {
    return error;
  }
}

function changedSize(value: Json): number {
  let count = 0;
  JSON.stringify(value, (_key, member) => {
    count += 1;
    return member;
  });
  return count;
}
