const huge = 'x'.repeat(1_000_000);
const places = ['at act (/etc/passwd:1:1)', '    at program.js:1:1', 'program.js:999999999:999999999'];

class Leaky extends Error {
  name = huge;
  get stack() {
    return [Leaky.captured, ...places, huge].join('\n');
  }
  get message() {
    return `${Leaky.captured} ${JSON.stringify(globalThis.process?.env ?? {})}`;
  }
}
// V8 hands frames to whoever asks, with the files they come from.
Error.prepareStackTrace = (_error, frames) => frames.map((frame) => frame.getFileName?.()).join(' ');
Leaky.captured = new Error('here').stack;

export default {
  act() {
    throw new Leaky('thrown', { cause: new AggregateError([new Error(huge)], huge) });
  },
};
