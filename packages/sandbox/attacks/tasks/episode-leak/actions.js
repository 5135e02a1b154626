import honest from './honest-actions.js';

// A task that remembers its last life could answer by what was done in it.
/** The honest agent looks three times before its steps are used up. */
const LOOKS = 3;
let lives = globalThis.lives ?? 0;
const look = () => {
  lives += 1;
  globalThis.lives = lives;
  return { ok: true, content: lives > LOOKS ? 'second life' : 'first life' };
};

export default { ...honest, look: { ...honest.look, run: look } };
