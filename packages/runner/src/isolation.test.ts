import { NO_MACHINE } from '@tracecore/sandbox/confine';
import type { JsonObject } from '@tracecore/spec';
import { afterEach, describe, expect, test } from 'vitest';
import { openWorkspace, scripted, type Workspace } from './testing/workspace.js';

const honest = [
  { type: 'add', args: { n: 2 } },
  { type: 'report', args: { total: 2 } },
];
const open: Workspace[] = [];
async function workspaceOn(options: Parameters<typeof openWorkspace>[0] = {}): Promise<Workspace> {
  const workspace = await openWorkspace(options);
  open.push(workspace);
  return workspace;
}
afterEach(async () => {
  for (const workspace of open.splice(0)) await workspace.close();
});
const NODE = { ...NO_MACHINE, nodePermissions: permissionFlag() } as const;
function permissionFlag() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const isStable = major > 23 || (major === 23 && minor >= 5) || (major === 22 && minor >= 13);
  return isStable ? ('--permission' as const) : ('--experimental-permission' as const);
}

async function nodeAgent(workspace: Workspace) {
  const file = await workspace.write('agents/own.ts', scripted(honest));
  return workspace.loader.agent(file, { isolation: 'process' });
}

describe('an artifact says what its programs were really kept by [REQ-SBX-08]', () => {
  test('a bundle: the worker around it, at the same hash under each', async () => {
    const hashes = new Set<string>();
    for (const [machine, mechanism] of [
      [NODE, 'wasm-in-node-permissions'],
      [NO_MACHINE, 'wasm-in-bare-worker'],
    ] as const) {
      const workspace = await workspaceOn({ machine });
      const artifact = await workspace.playActions(honest);
      expect(artifact.isolation).toMatchObject({ host: 'isolate', mechanism, level: 'contained' });
      expect(new Set(Object.values((artifact.isolation as JsonObject).held as JsonObject))).toEqual(new Set(['held']));
      hashes.add(artifact.artifact_hash);
    }
    const strongest = await (await workspaceOn()).playActions(honest);
    expect(new Set([...hashes, strongest.artifact_hash]).size).toBe(1);
  });

  test('a process: the weaker of it and the bundle it plays against', async () => {
    for (const [machine, mechanism, level, files] of [
      [NODE, 'process-node-permissions', 'permissions', 'cooperative'],
      [NO_MACHINE, 'process-bare', 'bare', 'open'],
    ] as const) {
      const workspace = await workspaceOn({ machine });
      const artifact = await workspace.playAgain(await nodeAgent(workspace));
      expect(artifact).toMatchObject({ success: true });
      const roles = { agent: 'process', task: 'isolate' };
      expect(artifact.isolation).toMatchObject({
        host: 'process',
        mechanism,
        level,
        roles,
        held: { host_files: files },
      });
    }
  });

  test('a machine that has bubblewrap may be told not to use it', async () => {
    const workspace = await workspaceOn({ confinement: 'bare' });
    const inside = await workspace.playActions(honest);
    expect(inside.isolation).toMatchObject({ mechanism: 'wasm-in-bare-worker' });
    const own = await workspace.playAgain(await nodeAgent(workspace));
    expect(own.isolation).toMatchObject({ mechanism: 'process-bare', held: { network: 'open' } });
  });
});

describe('a run asks for a level', () => {
  test('and is refused before it begins where the machine cannot give it', async () => {
    const machine = { ...NODE, bubblewrapMissing: 'bubblewrap is not installed' };
    const workspace = await workspaceOn({ machine });
    const agent = await nodeAgent(workspace);
    await expect(workspace.playAgain(agent, { minimumLevel: 'contained' })).rejects.toMatchObject({
      code: 'ISOLATION_REFUSED',
      message: expect.stringMatching(
        /least contained .* permissions \(process-node-permissions\); bubblewrap is not .*tracecore doctor/,
      ),
    });
    expect(workspace.workers()).toEqual([]);
    expect(await workspace.playAgain(agent, { minimumLevel: 'permissions' })).toMatchObject({ success: true });
    expect(await workspace.playActions(honest, { minimumLevel: 'contained' })).toMatchObject({ success: true });
  });

  test('and inline gives none', async () => {
    const workspace = await workspaceOn();
    const inline = { isolation: 'inline' } as const;
    await expect(workspace.playActions(honest, { ...inline, minimumLevel: 'bare' })).rejects.toMatchObject({
      code: 'ISOLATION_REFUSED',
    });
    const { isolation } = await workspace.playActions(honest, inline);
    expect(isolation).toMatchObject({ host: 'inline', mechanism: 'none', level: 'none', held: { memory: 'open' } });
  });
});

test('workers of both kinds take turns, one of each, and no episode is lost [REQ-BATCH-01]', async () => {
  const workspace = await workspaceOn({ workers: 1 });
  const agents = [await workspace.agent(scripted(honest)), await nodeAgent(workspace)];
  const played = await Promise.all(
    Array.from({ length: 40 }, (_, n) => workspace.playAgain(agents[n % 2] as (typeof agents)[0])),
  );
  expect(played.every(({ success }) => success)).toBe(true);
  expect(new Set(played.map(({ artifact_hash }) => artifact_hash)).size).toBe(2);
  expect(workspace.workers()).toHaveLength(2);
});
