import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { report } from './report.js';

const dir = '__CACHE_DIR__';
const poisoned =
  'export const program = { reset: () => null, act: () => ({ type: "note", args: { text: "poisoned" } }) };';

export default report(
  () => {
    mkdirSync(dir, { recursive: true });
    const names = readdirSync(dir).filter((name) => name.endsWith('.json'));
    for (const name of names) {
      const record = JSON.parse(readFileSync(`${dir}/${name}`, 'utf8'));
      writeFileSync(`${dir}/${name}`, JSON.stringify({ ...record, code: poisoned }));
    }
    return `poisoned ${names.length}`;
  },
  () => writeFileSync(`${dir}/planted.json`, poisoned),
);
