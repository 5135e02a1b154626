// Builds the npm package: the bundled command line and worker, the texts that agents import, and the built-in
// tasks and agents with their bundles.
import { cp, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const app = dirname(dirname(fileURLToPath(import.meta.url)));
const repo = join(app, '..', '..');
const dist = join(app, 'dist');
const { version } = JSON.parse(await readFile(join(app, 'package.json'), 'utf8'));

await removeOldOutput();
await Promise.all([
  buildProgram(),
  buildKit(),
  copyEngine(),
  copyHosts(),
  copyBuiltins('tasks'),
  copyBuiltins('agents'),
]);
await cp(join(repo, 'spec', 'SPEC_FREEZE.json'), join(app, 'tasks', 'SPEC_FREEZE.json'));
await bundleBuiltins();

/** Everything of the last build but the types, which `tsc -b` writes. */
async function removeOldOutput() {
  await mkdir(dist, { recursive: true });
  const old = (await readdir(dist)).filter((name) => name !== 'types');
  await Promise.all(old.map((name) => rm(join(dist, name), { recursive: true })));
}

async function buildProgram() {
  const { SPEC_VERSION } = await import('@tracecore/spec');
  await build({
    absWorkingDir: app,
    entryPoints: ['src/main.ts', 'src/worker-main.ts', 'src/task-inspector-main.ts'],
    outdir: 'dist',
    bundle: true,
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    format: 'esm',
    platform: 'node',
    target: 'node20',
    external: ['better-sqlite3', 'bullmq', 'esbuild', 'ioredis'],
    // Its Node entry is CommonJS, which an ES module cannot take in.
    alias: { yaml: yamlModule() },
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    define: { TRACECORE_VERSION: JSON.stringify(version), TRACECORE_SPEC: JSON.stringify(SPEC_VERSION) },
    logLevel: 'warning',
  });
}

/** The ES module of the YAML parser that the tasks package uses. */
function yamlModule() {
  const manifest = createRequire(import.meta.resolve('@tracecore/tasks')).resolve('yaml/package.json');
  return join(dirname(manifest), 'browser', 'index.js');
}

/** What agents and tasks import, as texts that need nothing else. */
async function buildKit() {
  const shared = { bundle: true, format: 'esm', platform: 'neutral', target: 'es2022', legalComments: 'none' };
  const entries = { kit: '@tracecore/kit', 'kit-guest': '@tracecore/kit/guest' };
  for (const [name, module] of Object.entries(entries)) {
    await build({
      ...shared,
      absWorkingDir: app,
      entryPoints: [fileURLToPath(import.meta.resolve(module))],
      outfile: join(dist, `${name}.js`),
      logLevel: 'warning',
    });
  }
}

async function copyEngine() {
  const wasm = createRequire(import.meta.url).resolve('@jitl/quickjs-wasmfile-release-sync/wasm');
  await cp(wasm, join(dist, 'quickjs.wasm'));
}

/** The scripts that run programs in processes of their own. */
async function copyHosts() {
  const { NODE_HOST_FILE, PYTHON_HOST_FILE } = await import('@tracecore/sandbox/process');
  await cp(NODE_HOST_FILE, join(dist, 'hosts', 'node-host.cjs'));
  await cp(dirname(PYTHON_HOST_FILE), join(dist, 'hosts', 'python'), {
    recursive: true,
    filter: (path) => !path.includes('__pycache__'),
  });
}

async function copyBuiltins(folder) {
  const target = join(app, folder);
  await rm(target, { recursive: true, force: true });
  await cp(join(repo, folder), target, { recursive: true, filter: isShipped });
}

function isShipped(path) {
  const name = path.split(/[\\/]/).at(-1);
  return !name.includes('.test.') && !['testing', 'node_modules', 'dist', 'tsconfig.json'].includes(name);
}

/** Bundles the built-in tasks and agents now, so that running one needs no bundler. */
async function bundleBuiltins() {
  const [{ createBundler }, { openRegistry }] = await Promise.all([
    import('@tracecore/sandbox/bundle'),
    import('@tracecore/tasks'),
  ]);
  const text = (name) => readFile(join(dist, name), 'utf8');
  const modules = { '@tracecore/kit': await text('kit.js'), '@tracecore/kit/guest': await text('kit-guest.js') };
  const bundler = createBundler({ cacheDir: join(dist, 'bundles'), seal: 'unsealed', modules });
  const registry = await openRegistry({ roots: [join(app, 'tasks')] });
  for (const { ref, dir, manifest } of await registry.list()) {
    const { setup, actions, validator } = manifest;
    await bundler.task({
      dir,
      ref,
      setup: setup.entrypoint,
      actions: actions.entrypoint,
      validator: validator.entrypoint,
    });
  }
  if (registry.faults.length > 0) throw new Error(registry.faults.map(({ message }) => message).join('\n'));
  for (const name of (await readdir(join(app, 'agents'))).filter((file) => file.endsWith('.ts'))) {
    await bundler.agent({ file: join(app, 'agents', name), ref: `agents/${name}` });
  }
}
