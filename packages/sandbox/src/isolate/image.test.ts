import { expect, test } from 'vitest';
import { restoreImage, takeImage } from './image.js';
import { wasm } from './web-assembly.js';

const PAGE = 65_536;

/** A memory of 12 pages in which these bytes stand, by offset. */
function memoryWith(bytes: Record<number, number>) {
  const memory = new wasm.Memory({ initial: 12, maximum: 12 });
  for (const [offset, byte] of Object.entries(bytes)) new Uint8Array(memory.buffer)[Number(offset)] = byte;
  return memory;
}

test.each<[string, Record<number, number>]>([
  ['nothing', {}],
  ['its first byte', { 0: 1 }],
  ['its first and its last byte', { 0: 1, [12 * PAGE - 1]: 2 }],
  ['the ends of pages with zeros between', { [PAGE - 1]: 1, [5 * PAGE]: 2, [6 * PAGE]: 3, [9 * PAGE - 1]: 4 }],
])('a memory that held %s holds just that again, whatever was written below its end', (_what, bytes) => {
  const memory = memoryWith(bytes);
  const image = takeImage(memory);
  const before = new Uint8Array(memory.buffer).slice();
  const end = Math.ceil((Math.max(-1, ...Object.keys(bytes).map(Number)) + 1) / PAGE) * PAGE;
  for (const filled of [0xff, 0x01]) {
    new Uint8Array(memory.buffer).fill(filled, 0, end);
    restoreImage(memory, image);
    expect(Buffer.compare(new Uint8Array(memory.buffer), before)).toBe(0);
  }
});
