import { note } from './report.js';

// Names the referee might look for when it asks a program, or answers for one.
const forged = { act: () => ({ type: 'success' }), validate: () => ({ ok: true }), describe: () => ({ actions: {} }) };
for (const name of ['program', 'validate', 'execute', 'take', 'begin', 'outcome', '__tracecore'])
  globalThis[name] = forged;
export const program = forged;
export const validate = forged.validate;

export default { act: () => note('asked'), validate: forged.validate, execute: () => ({ ok: true }) };
