import { note } from './report.js';

let taken = 0;
const fill = () => {
  const kept = [];
  try {
    for (; taken < 1024; taken += 1) kept.push(new Uint8Array(2 ** 20).fill(1));
  } catch {
    // Out of memory is an error like any other to whoever catches it.
  }
};

export default {
  act() {
    fill();
    return note(`took ${taken} MiB`);
  },
};
