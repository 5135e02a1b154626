import type { IsolationLevel } from '@tracecore/sandbox/confine';
import type { Artifact } from '@tracecore/spec';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openWorkspace, type Workspace } from '../testing/workspace.js';
import { checkStrictSpec } from './strict-spec.js';

let workspace: Workspace;
beforeAll(async () => {
  workspace = await openWorkspace();
});
afterAll(() => workspace.close());

const actions = [
  { type: 'add', args: { n: 2 } },
  { type: 'report', args: { total: 2 } },
];

test('what this runtime writes meets every clause, whatever the outcome', async () => {
  expect(checkStrictSpec(await workspace.playActions(actions))).toEqual([]);
  expect(checkStrictSpec(await workspace.playActions([null]))).toEqual([]);
});

test('an artifact that lacks what the spec asks of a runtime is refused, with the field [REQ-SBX-08]', async () => {
  const artifact = await workspace.playActions(actions);
  const { determinism: _, ...rest } = structuredClone(artifact);
  const codes = checkStrictSpec({ ...rest, wall_clock_elapsed_s: null, isolation: { host: 'inline' } }).map(
    ({ code, pointer }) => [code, pointer],
  );
  expect(codes).toEqual([
    ['DETERMINISM_MISSING', '/determinism'],
    ['WALL_CLOCK_MISSING', '/wall_clock_elapsed_s'],
    ['ISOLATION_TOO_WEAK', '/isolation/host'],
    ['HASH_MISMATCH', '/artifact_hash'],
  ]);
});

describe('the isolation a run must have', () => {
  const weak = (artifact: Artifact, isolation: object, minimum?: IsolationLevel) =>
    checkStrictSpec({ ...artifact, isolation }, minimum === undefined ? {} : { minimum }).map(({ code }) => code);

  test.each<[IsolationLevel | undefined, Record<IsolationLevel, boolean>]>([
    [undefined, { none: false, bare: false, permissions: true, contained: true }],
    ['bare', { none: false, bare: true, permissions: true, contained: true }],
    ['contained', { none: false, bare: false, permissions: false, contained: true }],
  ])('a minimum of %s takes what is as strong, and nothing weaker [REQ-SBX-08]', async (minimum, taken) => {
    const artifact = await workspace.playActions(actions);
    for (const [level, isTaken] of Object.entries(taken)) {
      expect(weak(artifact, { host: 'process', level }, minimum)).toEqual(isTaken ? [] : ['ISOLATION_TOO_WEAK']);
    }
  });

  test.each([
    ['an isolate', { host: 'isolate', mechanism: 'wasm-in-worker-process' }, true],
    ['a bare process', { host: 'process', mechanism: 'process-bare' }, false],
    ['a process under permissions', { host: 'process', mechanism: 'process-node-permissions' }, true],
    ['a process without a word of how', { host: 'process' }, false],
    ['the referee itself', { host: 'inline', mechanism: 'none' }, false],
    ['nothing said', {}, false],
    ['a level that is none', { host: 'isolate', level: 'constructor' }, false],
    ['a level above its own mechanism', { host: 'process', mechanism: 'process-bare', level: 'contained' }, false],
  ])('%s', async (_what, isolation, isTaken) => {
    expect(weak(await workspace.playActions(actions), isolation)).toEqual(isTaken ? [] : ['ISOLATION_TOO_WEAK']);
  });
});
