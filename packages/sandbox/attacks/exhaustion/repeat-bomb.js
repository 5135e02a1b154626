import { report } from './report.js';

export default report(
  () => 'x'.repeat(2 ** 29).length,
  () => 'x'.padEnd(2 ** 30, 'yz').length,
  () => 'x'.repeat(2 ** 28).split('').length,
  () => 'x'.repeat(2 ** 25).replaceAll('x', 'y'.repeat(2 ** 10)).length,
);
