import { report } from './report.js';

const DEEP = 100_000;
const nested = () => {
  let value = [];
  for (let i = 0; i < DEEP; i += 1) value = [value];
  return value;
};

export default report(
  () => JSON.parse('['.repeat(DEEP) + ']'.repeat(DEEP)).length,
  () => JSON.stringify(nested()).length,
  () => JSON.parse('[1,2,3]', (_key, value) => JSON.parse(JSON.stringify([value])) && nested()).length,
  () => JSON.stringify({ toJSON: () => JSON.stringify(nested()) }).length,
);
