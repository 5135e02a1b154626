// An episode whose agent never answers, in a loop that no interrupt reaches.
import { fileURLToPath } from 'node:url';
import { createRunner } from '../../dist/index.js';

const program = (methods) => ({
  name: 'endless',
  sourceRoot: '.',
  code: `export const program = {${methods}};`,
  map: '',
  sources: [],
  digest: 'sha256:0',
});
const manifest = {
  id: 'endless',
  version: 1,
  description: '',
  budgets: { steps: 1, tool_calls: 1 },
  action_surface: { actions: [] },
  sandbox: { filesystem_roots: [], network_hosts: [] },
};
const busy = 'reset: () => null, act() { const a = []; a.length = 2 ** 32 - 1; a.indexOf(1); }';

export const request = {
  agent: { ref: 'endless.ts', hash: '', violation: null, bundle: program(busy) },
  task: {
    ref: 'endless@1',
    dir: '',
    hash: '',
    manifest,
    bundle: program('describe: () => ({ actions: {} }), setup: () => null'),
  },
  seed: 0,
};

/** @param {import('../../dist/index.js').RunnerOptions['confinement']} confinement */
export const newRunner = (confinement = 'bubblewrap') =>
  createRunner({
    confinement,
    runtime: { name: 'test', version: '0', gitSha: null },
    workerEntry: fileURLToPath(new URL('../../dist/worker-main.js', import.meta.url)),
  });
