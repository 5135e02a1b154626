import type { Writable } from 'node:stream';

/**
 * Has what a program prints go to the log: standard output belongs to the protocol. A stream is made when it is first
 * asked for, since loading what makes one takes a millisecond, and few programs ask.
 */
export function replaceStreams(log: (line: string) => void): void {
  replace('stdout', () => lineStream(log));
  replace('stderr', () => lineStream(log));
  replace('stdin', () => streams().Readable.from([]));
}

const streams = () => process.getBuiltinModule('node:stream');

function replace(name: 'stdin' | 'stdout' | 'stderr', make: () => unknown): void {
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
