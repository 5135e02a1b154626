import { report } from './report.js';

const MOST_PAGES = 65_536;
const spinning = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0, 10, 9, 1, 7, 0, 3, 64, 12, 0, 11,
  11,
];

export default report(
  () => {
    const memory = new WebAssembly.Memory({ initial: 1 });
    memory.grow(MOST_PAGES - 1);
    new Uint8Array(memory.buffer).fill(1);
    return `took ${memory.buffer.byteLength / 2 ** 20} MiB`;
  },
  () => new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(spinning))).exports.f(),
);
