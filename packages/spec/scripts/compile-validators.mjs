// Compiles the JSON Schemas of spec/ into plain functions, so that no schema is compiled when a program starts.
// Reads the normative files of spec/, writes generated/validators.{js,d.ts} under src and dist; neither is committed.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Ajv from 'ajv/dist/2020.js';
import standaloneCode from 'ajv/dist/standalone/index.js';
import addFormats from 'ajv-formats';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const specDir = join(here, '..', '..', '..', 'spec');

const names = {
  validateArtifact: 'artifact-schema-v1.0.json',
  validateEpisodeConfig: 'episode-config-schema-v1.0.json',
  validateBatchFile: 'extensions/batch-file-schema-v1.json',
  validateBatchPlan: 'extensions/batch-plan-schema-v1.json',
  validateBatchLine: 'extensions/batch-journal-schema-v1.json',
};

const ajv = new Ajv.default({
  strict: true,
  allErrors: true,
  code: { source: true, esm: true },
});
addFormats.default(ajv, ['date-time']);
const ids = {};
for (const [name, file] of Object.entries(names)) {
  const schema = JSON.parse(readFileSync(join(specDir, file), 'utf8'));
  ajv.addSchema(schema);
  ids[name] = schema.$id;
}

const bundled = await build({
  stdin: { contents: standaloneCode.default(ajv, ids), resolveDir: here, loader: 'js' },
  bundle: true,
  format: 'esm',
  platform: 'neutral',
  mainFields: ['module', 'main'],
  target: 'es2022',
  write: false,
  minify: true,
  legalComments: 'none',
});

const types = `import type { AttemptLine, BatchFileEntry, BatchPlan } from '../batch.js';
import type { ValidationFault } from '../issues.js';
import type { ArtifactV1, EpisodeConfig } from '../types.js';

export interface ValidateFunction<T> {
  (value: unknown): value is T;
  errors?: ValidationFault[] | null;
}
export const validateArtifact: ValidateFunction<ArtifactV1>;
export const validateEpisodeConfig: ValidateFunction<EpisodeConfig>;
export const validateBatchFile: ValidateFunction<BatchFileEntry[]>;
export const validateBatchPlan: ValidateFunction<BatchPlan>;
export const validateBatchLine: ValidateFunction<AttemptLine>;
`;

// tsc copies neither a .d.ts nor the .js beside it, so dist gets its own copy.
for (const folder of ['src', 'dist']) {
  const outDir = join(here, '..', folder, 'generated');
  mkdirSync(outDir, { recursive: true });
  writeFileSync(join(outDir, 'validators.js'), bundled.outputFiles[0].text);
  writeFileSync(join(outDir, 'validators.d.ts'), types);
}
