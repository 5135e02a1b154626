import { report } from './report.js';

const DEEP = 100_000;
const nested = () => {
  let value = [];
  for (let i = 0; i < DEEP; i += 1) value = [value];
  return value;
};
const echo = { toString: () => `${echo}`, valueOf: () => +echo, [Symbol.toPrimitive]: () => String(echo) };

export default report(
  () => String(nested()).length,
  () => nested().flat(Number.POSITIVE_INFINITY).length,
  () => `${echo}`,
  () => [echo].join(),
  () => nested().toLocaleString().length,
);
