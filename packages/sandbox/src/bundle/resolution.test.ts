import { mkdir, readdir, readFile, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bundleAgent } from '../testing/bundling.js';
import { withFolder, writeFiles } from '../testing/temp-folder.js';

const DEP = {
  'node_modules/dep/package.json': '{"name":"dep","version":"1.0.0","main":"one.js"}',
  'node_modules/dep/one.js': 'module.exports = "one";',
  'node_modules/dep/two.js': 'module.exports = "two";',
};
const SHARED = {
  'agents/a.ts': 'import x from "./lib"; export default { act: () => x };',
  'agents/lib/index.ts': 'export default "folder";',
};
const USES_DEP = 'import dep from "dep"; export default { act: () => dep };';

type Change = (folder: string) => Promise<unknown>;
const write =
  (files: Record<string, string>): Change =>
  (folder) =>
    writeFiles(folder, files);

/** Bundles before and after a change, and tells what the second bundle was and whether the kept one was used for it. */
const afterChange = (files: Record<string, string>, change: Change, prepare: Change = async () => undefined) =>
  withFolder(async (folder) => {
    await writeFiles(folder, files);
    await prepare(folder);
    const cacheDir = join(folder, '.cache');
    const options = { cacheDir, seal: 'unsealed' } as const;
    await bundleAgent(folder, undefined, options);
    const file = join(cacheDir, (await readdir(cacheDir))[0] as string);
    const record = JSON.parse(await readFile(file, 'utf8')) as { code: string };
    await writeFile(file, JSON.stringify({ ...record, code: `${record.code}/*kept*/` }));
    await change(folder);
    const { code } = (await bundleAgent(folder, undefined, options)).bundle;
    const fresh = (await bundleAgent(folder)).bundle.code;
    const isKept = code.endsWith('/*kept*/');
    expect(code.replace('/*kept*/', '')).toBe(fresh);
    return isKept;
  });

test.each<[string, Record<string, string>, Change]>([
  ['a file that comes before one without its ending', SHARED, write({ 'agents/lib.ts': 'export default "file";' })],
  [
    'a file that comes before one of another ending',
    { 'agents/a.ts': 'import x from "./x.js"; export default { act: () => x };', 'agents/x.ts': 'export default 1;' },
    write({ 'agents/x.js': 'export default 2;' }),
  ],
  [
    'a package.json that makes a folder lead elsewhere',
    { ...SHARED, 'agents/lib/other.ts': 'export default "other";' },
    write({ 'agents/lib/package.json': '{"main":"./other.ts"}' }),
  ],
  [
    'another main file of a package',
    { ...DEP, 'agents/a.ts': USES_DEP },
    write({ 'node_modules/dep/package.json': '{"name":"dep","main":"two.js"}' }),
  ],
  [
    'exports of a package',
    { ...DEP, 'agents/a.ts': USES_DEP },
    write({ 'node_modules/dep/package.json': '{"name":"dep","main":"one.js","exports":"./two.js"}' }),
  ],
  [
    'a nearer package of the same name',
    { ...DEP, 'agents/a.ts': USES_DEP },
    write({ 'agents/node_modules/dep/index.js': 'module.exports = "nearer";' }),
  ],
  [
    'a module beside a package of the same name',
    { ...DEP, 'agents/a.ts': 'import x from "dep/two"; export default { act: () => x };' },
    write({ 'node_modules/dep/two.ts': 'export default "typed";' }),
  ],
  [
    'a package that says what its imports mean',
    {
      'package.json': '{"imports":{"#x":"./one.ts"}}',
      'one.ts': 'export default 1;',
      'two.ts': 'export default 2;',
      'agents/a.ts': 'import x from "#x"; export default { act: () => x };',
    },
    write({ 'package.json': '{"imports":{"#x":"./two.ts"}}' }),
  ],
  [
    'a package that was only asked for',
    { 'agents/a.ts': 'let x = 0; try { x = require("maybe"); } catch {} export default { act: () => x };' },
    write({ 'node_modules/maybe/index.js': 'module.exports = 1;' }),
  ],
  [
    'a package.json that denies side effects',
    {
      'agents/a.ts': 'import "./effect.js"; export default { act: () => 1 };',
      'agents/effect.js': 'globalThis.x = 1;',
    },
    write({ 'package.json': '{"sideEffects":false}' }),
  ],
])('a kept bundle is not used after %s', async (_what, files, change) => {
  expect(await afterChange(files, change)).toBe(false);
});

test('a kept bundle is not used after a link on the way leads elsewhere', async () => {
  const files = {
    'agents/a.ts': 'import x from "./x.js"; import y from "dep"; export default { act: () => [x, y] };',
    'one/x.js': 'export default 1;',
    'two/x.js': 'export default 2;',
    'store/dep1/index.js': 'export default "dep1";',
    'store/dep2/index.js': 'export default "dep2";',
  };
  const link = async (folder: string, from: string, to: string) => {
    await rm(join(folder, from), { force: true });
    await symlink(join(folder, to), join(folder, from));
  };
  const prepare = async (folder: string) => {
    await mkdir(join(folder, 'node_modules'));
    await link(folder, 'agents/x.js', 'one/x.js');
    await link(folder, 'node_modules/dep', 'store/dep1');
  };
  expect(await afterChange(files, (folder) => link(folder, 'agents/x.js', 'two/x.js'), prepare)).toBe(false);
  expect(await afterChange(files, (folder) => link(folder, 'node_modules/dep', 'store/dep2'), prepare)).toBe(false);
  expect(await afterChange(files, async () => undefined, prepare)).toBe(true);
});

test.each<[string, Record<string, string>, Change]>([
  ['nothing', { ...SHARED, ...DEP }, async () => undefined],
  [
    'another version of a package with the same files',
    { ...DEP, 'agents/a.ts': USES_DEP },
    write({ 'node_modules/dep/package.json': '{"name":"dep","version":"2.0.0","main":"one.js"}' }),
  ],
  ['a file that nobody imports', SHARED, write({ 'agents/other.ts': '', 'agents/lib/other.ts': '' })],
  [
    'a package.json beside an agent that imports nothing',
    { 'agents/a.ts': 'export default { act: () => 1 };' },
    write({ 'package.json': '{"type":"module","sideEffects":false}' }),
  ],
  [
    'one that was not chosen is gone',
    { ...SHARED, 'agents/lib.ts': 'export default "file";' },
    (folder) => unlink(join(folder, 'agents/lib/index.ts')),
  ],
])('a kept bundle is used after %s', async (_what, files, change) => {
  expect(await afterChange(files, change)).toBe(true);
});
