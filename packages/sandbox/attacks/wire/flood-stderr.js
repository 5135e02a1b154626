import { writeSync } from 'node:fs';

const block = Buffer.from(`${'x'.repeat(1 << 16)}\n`.repeat(16));

export default {
  act() {
    for (;;) writeSync(2, block);
  },
};
