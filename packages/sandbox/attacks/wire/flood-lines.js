import { writeSync } from 'node:fs';

const lines = Buffer.from('a short line\n'.repeat(10_000));

export default {
  act() {
    for (;;) writeSync(1, lines);
  },
};
