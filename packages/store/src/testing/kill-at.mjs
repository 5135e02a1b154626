import promises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

/** The calls that write; each is a step at which the power may go. */
const CALLS = ['mkdir', 'open', 'rename'];
const CALLS_OF_FILE = ['writeFile', 'sync', 'close'];

/**
 * Ends this process without a word before the step with this number, counted from 1. A file is written in two steps, so
 * that the end can fall between two halves of it. To be called before anything imports `node:fs/promises`.
 * @param {number} step
 */
export function killAt(step) {
  let steps = 0;
  const strike = () => {
    steps += 1;
    if (steps === step) process.kill(process.pid, 'SIGKILL');
  };
  for (const name of CALLS) {
    const call = promises[name];
    promises[name] = async (...args) => {
      strike();
      const result = await call.apply(promises, args);
      return name === 'open' ? struck(result) : result;
    };
  }
  syncBuiltinESMExports();

  function struck(file) {
    for (const name of CALLS_OF_FILE) {
      const call = file[name].bind(file);
      file[name] = async (...args) => {
        strike();
        if (name === 'writeFile') {
          const [text, encoding] = args;
          await call(text.slice(0, text.length >> 1), encoding);
          strike();
          return call(text.slice(text.length >> 1), encoding);
        }
        return call(...args);
      };
    }
    return file;
  }
}
