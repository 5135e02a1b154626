import { defineAgent } from '@tracecore/kit';
import { dates, language, names, order, stackOf } from './shared.js';

const born = [Math.random(), Date.now()];
const words = ['b', 'a', 'ä', 'B'];

/** Notes everything around it that could differ from machine to machine, in the arguments of its actions. */
export default defineAgent(() => ({
  async act() {
    const shared = { born, random: [Math.random(), Math.random()], dates: dates(), language: language() };
    const own = {
      order: await order(),
      names: names(),
      locale: [(1234567.891).toLocaleString(), words.sort((a, b) => a.localeCompare(b)), 'I'.toLowerCase()],
      stack: stackOf(() => {
        throw new TypeError('here');
      }),
    };
    return { type: 'mixed', args: { x: { shared, own } } };
  },
}));
