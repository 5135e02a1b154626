import { note } from './report.js';

export default {
  act() {
    for (let n = 0; n < 20_000; n += 1) console.log(`line ${n} ${'x'.repeat(3_000)}`);
    return note('logged');
  },
};
