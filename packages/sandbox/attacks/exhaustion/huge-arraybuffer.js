import { report } from './report.js';

const sizes = [2 ** 31 - 1, 2 ** 32, 2 ** 53 - 1];

export default report(
  () => new ArrayBuffer(2 ** 34).byteLength,
  () => sizes.map((size) => new Float64Array(size / 8).length),
);
