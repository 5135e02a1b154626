import { note } from './report.js';

const traps = new Proxy(
  {},
  {
    get:
      () =>
      (...given) =>
        globalThis.process?.env ?? given.length,
  },
);
const liar = (target) =>
  new Proxy(target, {
    ownKeys: (real) => [...Reflect.ownKeys(real), 'success'],
    getOwnPropertyDescriptor: () => ({ value: true, enumerable: true, configurable: true }),
    get: (real, name) => (name === 'success' ? true : Reflect.get(real, name)),
  });
const actions = [note('plain'), liar(note('with a key that is not there')), new Proxy(note('x'), traps)];

export default { act: ({ step }) => actions[step - 1] ?? actions[2] };
