import type { Writable } from 'node:stream';
import { createDate } from '../../isolate/guest/date.js';
import { randomNumbers } from './mt19937.js';

/** The clock of a program: it moves by one millisecond with each reading and never goes back. */
export interface VirtualClock {
  /** Moves the clock on to `ms`, unless readings have led past it. */
  moveTo(ms: number): void;
}

/**
 * Every override of time, chance and standard streams that a program in Node meets: `Math.random` from the episode's
 * seed, `Date` from the virtual clock, and streams that print to the log. Cooperative: whoever wants the real ones finds them.
 * @param log receives what the program prints, a line at a time.
 */
export function preload(seed: bigint, startMs: number, log: (line: string) => void): VirtualClock {
  let numbers: (() => number) | undefined;
  Math.random = () => {
    // Seeding takes a moment that most programs never need.
    numbers ??= randomNumbers(seed);
    return numbers();
  };
  let now = startMs;
  globalThis.Date = createDate(() => now++);
  // Standard output belongs to the protocol, and making a stream that nobody writes to would cost a few milliseconds.
  replaceStream('stdout', () => lineStream(log));
  replaceStream('stderr', () => lineStream(log));
  replaceStream('stdin', () => streams().Readable.from([]));
  return {
    moveTo(ms) {
      now = Math.max(now, ms);
    },
  };
}

function replaceStream(name: 'stdin' | 'stdout' | 'stderr', make: () => unknown): void {
  let stream: unknown;
  Object.defineProperty(process, name, {
    configurable: true,
    enumerable: true,
    get: () => {
      stream ??= make();
      return stream;
    },
  });
}

/** Loaded when a program first asks for one of its streams: that takes a millisecond, and few do. */
const streams = () => process.getBuiltinModule('node:stream');

function lineStream(log: (line: string) => void): Writable {
  let rest = '';
  const { Writable } = streams();
  return new Writable({
    decodeStrings: false,
    write(chunk: string | Buffer, _encoding, done) {
      const lines = (rest + chunk.toString()).split('\n');
      rest = lines.pop() as string;
      for (const line of lines) log(line);
      done();
    },
  });
}
