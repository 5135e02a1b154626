import { writeSync } from 'node:fs';

const block = Buffer.alloc(1 << 20, 'x');

export default {
  act() {
    for (;;) writeSync(1, block);
  },
};
