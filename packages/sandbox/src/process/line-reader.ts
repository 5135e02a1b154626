const NEWLINE = 0x0a;
/** Room that a line which comes in pieces begins with; it doubles as needed. */
const FIRST_BYTES = 4 * 1024;

/** Cuts a stream of bytes into lines, however it comes in pieces. */
export class LineReader {
  readonly #maxBytes: number;
  /** The beginning of a line, copied: pieces of a byte each would weigh hundreds of times what they hold. */
  #rest = Buffer.alloc(0);
  #bytes = 0;
  #overflowed = false;

  /** @param maxBytes the longest line, without its end. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Whether a line was too long. Nothing is read after it. */
  get overflowed(): boolean {
    return this.#overflowed;
  }

  /** The lines that `chunk` completes, decoded as UTF-8, without their ends. */
  push(chunk: Buffer): string[] {
    const lines: string[] = [];
    let start = 0;
    while (!this.#overflowed) {
      const end = chunk.indexOf(NEWLINE, start);
      const piece = chunk.subarray(start, end === -1 ? chunk.length : end);
      if (this.#bytes + piece.length > this.#maxBytes) {
        this.#overflowed = true;
        this.#rest = Buffer.alloc(0);
        break;
      }
      if (end === -1) {
        this.#keep(piece);
        break;
      }
      lines.push(this.#take(piece));
      start = end + 1;
    }
    return lines;
  }

  #keep(piece: Buffer): void {
    const bytes = this.#bytes + piece.length;
    if (bytes > this.#rest.length) {
      const more = Buffer.allocUnsafe(Math.max(bytes, FIRST_BYTES, 2 * this.#rest.length));
      this.#rest.copy(more, 0, 0, this.#bytes);
      this.#rest = more;
    }
    piece.copy(this.#rest, this.#bytes);
    this.#bytes = bytes;
  }

  #take(piece: Buffer): string {
    if (this.#bytes === 0) return piece.toString('utf8');
    this.#keep(piece);
    const line = this.#rest.toString('utf8', 0, this.#bytes);
    this.#bytes = 0;
    return line;
  }
}
