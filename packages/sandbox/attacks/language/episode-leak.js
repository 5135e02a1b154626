import { note } from './report.js';

// What a life leaves behind, the next one finds: in its module, on the globals, on a prototype.
let lives = globalThis.lives ?? Array.prototype.lives ?? 0;

export default {
  act() {
    lives += 1;
    globalThis.lives = lives;
    Array.prototype.lives = lives;
    return note(lives > 6 ? 'second life' : lives);
  },
};
