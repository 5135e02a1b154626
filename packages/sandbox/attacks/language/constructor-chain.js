import { report } from './report.js';

const GLOBALS = 'return [typeof process, typeof require, globalThis.process?.env ?? {}]';
const makers = [
  () => {}, // A plain function, and every other kind: each has a constructor of its own.
  async () => {},
  function* () {},
  async function* () {},
];

const climb = async (from) => {
  const Maker = from.constructor.constructor === Function ? from.constructor : from.constructor.constructor;
  const made = Maker(GLOBALS)();
  return typeof made?.next === 'function' ? (await made.next()).value : made;
};

export default report(
  async () => Promise.all(makers.map(climb)),
  () => climb([]),
  () => climb(console.log),
  () => climb(Math.random),
  () => climb(Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]()))),
);
