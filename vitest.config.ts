import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import LongFirstSequencer from './scripts/long-first-sequencer.mjs';

/** Tasks and agents lie in folders without dependencies of their own; tests resolve the kit's sources for them. */
const kit = fileURLToPath(new URL('./packages/kit/src', import.meta.url));

export default defineConfig({
  resolve: {
    alias: [
      { find: /^@tracecore\/kit$/, replacement: `${kit}/index.ts` },
      { find: /^@tracecore\/kit\/guest$/, replacement: `${kit}/guest.ts` },
    ],
  },
  test: {
    include: ['{packages,apps,tasks,agents,spec,scripts}/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**', 'apps/tracecore/{tasks,agents}/**'],
    pool: 'threads',
    // Most tests wait for processes that they started, so a core is not left over for the runner itself.
    maxWorkers: '100%',
    sequence: { sequencer: LongFirstSequencer },
    testTimeout: 60_000,
    reporters: ['default', './scripts/plain-line-reporter.mjs'],
  },
});
