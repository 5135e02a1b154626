import { note, outcomeOf } from './report.js';

const fetchIt = () => globalThis.fetch('http://127.0.0.1:__PORT__/').then((answer) => answer.text());

// A permission is written down; it opens no way out.
export default {
  act: async ({ step }) =>
    step === 1 ? { type: 'reach', args: { host: 'api.example.com' } } : note(await outcomeOf(fetchIt)),
};
