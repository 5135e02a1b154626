import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '@tracecore/artifact/node';
import { referenceHash } from '@tracecore/artifact/reference';
import type { Artifact, JsonObject } from '@tracecore/spec';
import { openRegistry, readTaskFolder, TasksError } from '@tracecore/tasks';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLoader, type Loader } from '../loader.js';
import { kitModules, openWorkspace, repositoryRoot, type Workspace } from '../testing/workspace.js';
import { type VerifyDependencies, type VerifyReport, verifyArtifact } from './verify-artifact.js';

const VECTORS = join(repositoryRoot, 'spec', 'vectors', 'artifacts', 'python');
const PROJECT = join(repositoryRoot, 'packages', 'runner', 'src', 'testing', 'python');
const FILES = readdirSync(VECTORS);
const hasPython = spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 10))']).status === 0;
if (!hasPython) console.log('verify-python.test: in part skipped, there is no python3 of version 3.10 or newer');

let workspace: Workspace;
let builtin: VerifyDependencies['registry'];
beforeAll(async () => {
  workspace = await openWorkspace();
  builtin = await openRegistry({ builtin: join(repositoryRoot, 'tasks') });
});
afterAll(() => workspace.close());

const textOf = (file: string) => readFileSync(join(VECTORS, file), 'utf8');
const lineOf = ({ checks }: VerifyReport, name: string) => checks.find(({ check }) => check === name);

function verify(text: string, registry: VerifyDependencies['registry'] = builtin): Promise<VerifyReport> {
  const { loader, runner } = workspace;
  return verifyArtifact(JSON.parse(text), text, { registry, loader, runner });
}

/** The file with one edit, its hash computed anew in the Python form. */
function forged(file: string, edit: (artifact: Artifact & JsonObject) => void): string {
  const artifact = JSON.parse(textOf(file)) as Artifact & JsonObject;
  edit(artifact);
  return resealed(artifact);
}

function resealed(artifact: JsonObject): string {
  const hash = referenceHash(JSON.stringify(artifact), sha256);
  return JSON.stringify({ ...artifact, artifact_hash: hash });
}

describe('a file of the Python runtime', () => {
  test.each(FILES)('%s: hash by its own form, verdict by our task of that name, both said', async (file) => {
    const report = await verify(textOf(file));
    expect(report.ok).toBe(true);
    expect(report.checks.map(({ check, code }) => [check, code])).toEqual([
      ['schema', 'OK'],
      ['hash', 'OK'],
      ['budgets', 'OK'],
      ['taxonomy', 'OK'],
      ['re-derivation', 'VERDICT_ONLY'],
    ]);
    expect(lineOf(report, 'hash')?.note).toBe('python form');
    expect(lineOf(report, 're-derivation')?.note).toContain(JSON.parse(textOf(file)).task_ref);
  });

  test.each(FILES)('%s: one changed byte of what it hashes fails the hash', async (file) => {
    const report = await verify(textOf(file).replace(/"task_hash": "./, '"task_hash": "x'));
    expect(lineOf(report, 'hash')).toMatchObject({ status: 'fail', code: 'HASH_MISMATCH' });
  });

  const RUN = 'rate-limited-api--rate-limit-agent.json';
  test.each<[string, (artifact: Artifact & JsonObject) => void, string]>([
    [
      'a refusal of the service dropped',
      (artifact) => Object.assign(artifact.action_trace[1]?.result as object, { ok: true, error: undefined }),
      '/action_trace/1/result/ok',
    ],
    [
      'an error renamed',
      (artifact) => Object.assign(artifact.action_trace[1]?.result as object, { error: 'asleep' }),
      '/action_trace/1/result/error',
    ],
    [
      'a touch that never was',
      (artifact) => artifact.action_trace[1]?.io_audit.push({ type: 'net', op: 'check', path: '', host: 'x.test' }),
      '/action_trace/1/io_audit/0',
    ],
    [
      'a success claimed for a lesser output',
      (artifact) =>
        Object.assign(artifact.action_trace.at(-1)?.action ?? {}, {
          args: { key: 'ACCESS_TOKEN', value: 'guessed' },
        }),
      '/success',
    ],
    ['a failure of another kind', (artifact) => Object.assign(artifact, { steps_used: 5 }), '/steps_used'],
  ])('with %s and a new hash fails re-derivation', async (_, edit, pointer) => {
    const report = await verify(forged(RUN, edit));
    expect(lineOf(report, 'hash')?.status).toBe('ok');
    expect(lineOf(report, 're-derivation')).toMatchObject({ status: 'fail', code: 'SCORE_DIFFERS', pointer });
  });

  test('of a task that is not here is not proven, and that is said [REQ-VER-06]', async () => {
    const none = { get: () => Promise.reject(new TasksError('TASK_NOT_FOUND', 'there is no such task')) };
    const report = await verify(textOf(RUN), none);
    expect(lineOf(report, 're-derivation')).toMatchObject({ status: 'skip', code: 'TASK_NOT_FOUND' });
    const broken = { get: () => Promise.reject(new TasksError('TASK_CLASH', 'two folders')) };
    expect(lineOf(await verify(textOf(RUN), broken), 're-derivation')).toMatchObject({
      status: 'fail',
      code: 'TASK_CLASH',
    });
  });
});

describe.skipIf(!hasPython)('a run of a Python task whose folder is here', { timeout: 60_000 }, () => {
  const MOVES = [{ type: 'wait', args: { steps: 1 } }];
  let loader: Loader;
  beforeAll(async () => {
    const modules = await kitModules();
    loader = createLoader({ workspaceRoot: PROJECT, builtinRoot: repositoryRoot, cacheDir: null, modules });
  });

  /** What the Python runtime would have written of this episode, as far as its re-derivation can see. */
  async function pythonRun(actions: unknown[]): Promise<JsonObject> {
    const task = await loader.task(await readTaskFolder(join(PROJECT, 'tasks', 'quota_service')));
    const played = (await workspace.playActions(actions, { task, budgets: { steps: 2 } })) as Artifact & JsonObject;
    const { isolation: _, determinism: __, ...artifact } = played;
    const action_trace = artifact.action_trace.map((entry) => {
      const { ok, error } = entry.result as JsonObject;
      return entry.budget_delta.tool_calls > 0 ? entry : { ...entry, result: { ok, error } };
    });
    const runtime_identity = { name: 'tracecore', version: '1.1.3', git_sha: null };
    return {
      ...artifact,
      action_trace,
      runtime_identity,
      task_hash: task.reference_task_hash,
    } as unknown as JsonObject;
  }

  async function scoreOf(run: JsonObject) {
    const text = resealed(run);
    const registry = { get: () => readTaskFolder(join(PROJECT, 'tasks', 'quota_service')) };
    return lineOf(
      await verifyArtifact(JSON.parse(text), text, { registry, loader, runner: workspace.runner }),
      're-derivation',
    );
  }

  test('is derived whole, a refused action included', async () => {
    for (const actions of [MOVES, [...MOVES, { type: 'no_such_action', args: {} }]]) {
      const run = await pythonRun(actions);
      expect(await scoreOf(run)).toMatchObject({ status: 'ok', code: 'OK' });
    }
  });

  test('fails with another text in a result, and with another task hash', async () => {
    const run = await pythonRun(MOVES);
    const changed = structuredClone(run) as unknown as Artifact & JsonObject;
    Object.assign(changed.action_trace[0]?.result as object, { note: 'all is well' });
    expect(await scoreOf(changed)).toMatchObject({ code: 'SCORE_DIFFERS', pointer: '/action_trace/0/result/note' });
    expect(await scoreOf({ ...run, task_hash: 'f'.repeat(64) })).toMatchObject({ code: 'TASK_HASH_DIFFERS' });
  });
});
