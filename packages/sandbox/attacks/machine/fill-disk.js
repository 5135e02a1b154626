import { closeSync, openSync, writeSync } from 'node:fs';
import { report } from './report.js';

const MOST_MIB = 1024;
const block = Buffer.alloc(1 << 20, 1);
let mib = 0;

function fill(name, most) {
  const file = openSync(name, 'w');
  try {
    for (let left = most; left > 0 && mib < MOST_MIB; left -= 1) mib += writeSync(file, block) / block.length;
  } finally {
    closeSync(file);
  }
}

export default report(
  () => fill('one', MOST_MIB),
  () => {
    for (let i = 0; i < MOST_MIB / 16; i += 1) fill(`many-${i}`, 16);
  },
  () => `wrote ${Math.floor(mib)} MiB`,
);
