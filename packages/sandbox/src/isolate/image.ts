import type { WasmMemory } from './web-assembly.js';

const PAGE_BYTES = 65_536;
const ZEROS = Buffer.alloc(PAGE_BYTES);

/** What a memory held up to its last page that was not all zero; all but these runs of pages was. */
export type MemoryImage = { offset: number; bytes: Uint8Array }[];

/**
 * Copies what a memory holds.
 * A program's runtime lives in its memory whole, so putting the copy back puts the runtime back.
 */
export function takeImage(memory: WasmMemory): MemoryImage {
  const bytes = Buffer.from(memory.buffer);
  const isZero = (page: number) => bytes.compare(ZEROS, 0, PAGE_BYTES, page, page + PAGE_BYTES) === 0;
  const image: MemoryImage = [];
  for (let page = 0; page < bytes.length; page += PAGE_BYTES) {
    if (isZero(page)) continue;
    const offset = page;
    while (page < bytes.length && !isZero(page)) page += PAGE_BYTES;
    image.push({ offset, bytes: new Uint8Array(memory.buffer, offset, page - offset).slice() });
  }
  return image;
}

/** Puts a memory back to its image. What lies above was free then, and is free again. */
export function restoreImage(memory: WasmMemory, image: MemoryImage): void {
  const bytes = new Uint8Array(memory.buffer);
  let at = 0;
  for (const { offset, bytes: run } of image) {
    // Zeros are written faster than they are copied, and most of an image is the engine's unused stack.
    bytes.fill(0, at, offset);
    bytes.set(run, offset);
    at = offset + run.length;
  }
}
