import { join } from 'node:path';
import { type BundlerOptions, createBundler } from '../bundle/bundler.js';
import type { SandboxError } from '../error.js';

/** Just enough of the kit to run what the tests write: an agent's `act` or a task's three parts, as methods. */
export const MODULES = {
  '@tracecore/kit': 'export const KIT = "kit";\nexport const unused = () => "never asked for";\n',
  '@tracecore/kit/guest': `export const adaptAgent = (agent) => ({ run: (params) => agent.default.act(params) });
export const adaptTask = ({ setup, actions, validate }) => ({ run: () => [setup.default(), Object.keys(actions.default), validate.default()] });
`,
};

/** Nothing of the user's own is touched by tests. */
const UNKEPT: BundlerOptions = { cacheDir: null, seal: { keyFile: null }, modules: MODULES };

/** An agent in `folder`, by its path there, bundled without a cache unless one is given. */
export function bundleAgent(folder: string, path = 'agents/a.ts', options: Partial<BundlerOptions> = {}) {
  return createBundler({ ...UNKEPT, ...options }).agent({ file: join(folder, path), ref: path });
}

/** The task that lies in `folder` as `tasks/t`. */
export async function bundleTask(
  folder: string,
  options: Partial<BundlerOptions> = {},
  covers: (path: string) => boolean = () => true,
) {
  const { bundle } = await createBundler({ ...UNKEPT, ...options }).task({
    dir: join(folder, 'tasks/t'),
    ref: 't@1',
    setup: 'setup.ts',
    actions: 'actions.ts',
    validator: 'validate.ts',
    covers,
  });
  return bundle;
}

/** The files of a task as `bundleTask` wants them. */
export const TASK_FILES = {
  'tasks/t/task.toml': 'id = "t"\n',
  'tasks/t/setup.ts': 'export default (): number => 1;\n',
  'tasks/t/actions.ts': 'export default { look: {} };\n',
  'tasks/t/validate.ts': 'export default () => ({ ok: true });\n',
};

/** The error that a bundling is expected to end with. */
export async function refusal(bundling: Promise<unknown>): Promise<SandboxError> {
  const result = await bundling.then(
    () => null,
    (error: SandboxError) => error,
  );
  if (result === null) throw new Error('was bundled');
  return result;
}
