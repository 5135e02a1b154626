import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLoader } from '../loader.js';
import { kitModules, repositoryRoot } from '../testing/workspace.js';
import { type AgentCode, packAgent, parseAgentCode, unpackAgent } from './agent-code.js';

const FILES = {
  'agents/deep/walker.ts': `import { word } from '../lib/word.js';\nimport { join } from 'wordy';\nexport default { act: () => ({ type: 'x', args: { word: join(word) } }) };\n`,
  'agents/lib/word.ts': `export const word = 'häppy';\n`,
  'node_modules/wordy/package.json': '{ "name": "wordy", "module": "./lib/main.js" }',
  'node_modules/wordy/lib/main.js': `export const join = (...words) => words.join('-');\n`,
  'agents/thief.ts': `import setup from '../tasks/one/setup.js';\nexport default { act: () => ({ type: String(setup), args: {} }) };\n`,
  'tasks/one/task.toml': 'id = "one"\n',
  'tasks/one/setup.js': 'export default () => ({});\n',
  'agents/needy.ts': `import { hostname } from 'node:os';\nexport default { act: () => ({ type: hostname(), args: {} }) };\n`,
};

let root: string;
let elsewhere: string;
const loaderOf = async (workspaceRoot: string) =>
  createLoader({ workspaceRoot, builtinRoot: repositoryRoot, cacheDir: null, modules: await kitModules() });
beforeAll(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'tracecore-code-')));
  elsewhere = await realpath(await mkdtemp(join(tmpdir(), 'tracecore-elsewhere-')));
  for (const [path, text] of Object.entries(FILES)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
});
afterAll(() => Promise.all([root, elsewhere].map((dir) => rm(dir, { recursive: true, force: true }))));

async function pack(agent: string): Promise<AgentCode> {
  const file = join(root, agent);
  return packAgent(file, await (await loaderOf(root)).agent(file));
}
async function loadElsewhere(code: AgentCode) {
  const dir = await mkdtemp(join(elsewhere, 'a-'));
  return (await loaderOf(dir)).agent(await unpackAgent(code, dir));
}

test('an agent that travels is the same agent elsewhere, with its modules and its packages', async () => {
  const code = await pack('agents/deep/walker.ts');
  const [here, there] = [
    await (await loaderOf(root)).agent(join(root, 'agents/deep/walker.ts')),
    await loadElsewhere(code),
  ];
  expect(code.agent_hash).toBe(here.hash);
  expect([there.ref, there.hash]).toEqual(['agents/deep/walker.ts', here.hash]);
  expect((there as { bundle: { code: string } }).bundle.code).toBe((here as { bundle: { code: string } }).bundle.code);
  expect(parseAgentCode(JSON.parse(JSON.stringify(code)))).toEqual(code);
});

test('a byte that changes on the way changes the hash', async () => {
  const code = await pack('agents/deep/walker.ts');
  const files = code.files.map(({ path, text }) => ({ path, text: text.replace('häppy', 'sad') }));
  expect((await loadElsewhere({ ...code, files })).hash).not.toBe(code.agent_hash);
});

test("what imports a task's files or runs as a process does not travel", async () => {
  await expect(pack('agents/thief.ts')).rejects.toMatchObject({
    code: 'AGENT_INVALID',
    message: expect.stringContaining('tasks/one/setup.js'),
  });
  await expect(pack('agents/needy.ts')).rejects.toMatchObject({
    message: expect.stringContaining('install it on every worker'),
  });
});

test('an agent that was changed since it was loaded is named', async () => {
  await writeFile(join(root, 'agents/brief.ts'), 'export default { act: () => ({ type: "a", args: {} }) };\n');
  const loaded = await (await loaderOf(root)).agent(join(root, 'agents/brief.ts'));
  await writeFile(join(root, 'agents/brief.ts'), 'export default { act: () => ({ type: "b", args: {} }) };\n');
  await expect(packAgent(join(root, 'agents/brief.ts'), loaded)).rejects.toThrow(
    'brief.ts lies outside of the workspace or was changed',
  );
});

test.each(['../out.ts', '/etc/out.ts', 'a/../../out.ts', 'a\\..\\out.ts', '.', 'a\0b'])(
  '%j leads nowhere',
  async (path) => {
    const code = { agent_hash: 'sha256:a', ref: 'a.ts', files: [{ path, text: 'x' }] };
    await expect(unpackAgent(code, await mkdtemp(join(elsewhere, 'b-')))).rejects.toMatchObject({
      code: 'AGENT_INVALID',
    });
  },
);

test('too much code is refused before anything is written, and no value makes the parser throw', async () => {
  const files = Array.from({ length: 2_001 }, (_, n) => ({ path: `${n}.ts`, text: '' }));
  await expect(unpackAgent({ agent_hash: 'a', ref: 'a.ts', files }, elsewhere)).rejects.toThrow('2000 files');
  fc.assert(fc.property(fc.anything(), (value) => void parseAgentCode(value)));
  expect(parseAgentCode({ agent_hash: 'a', ref: 'b', files: [{ path: 'c' }] })).toBeNull();
});
