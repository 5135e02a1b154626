import { report } from './report.js';

export default report(
  () => (2n ** (2n ** 33n)).toString().length,
  () => {
    let n = 3n;
    for (;;) n = n ** n;
  },
  () => (10n ** 5_000_000n).toString().length,
);
