// 2^32 - 1 holes: the engine walks them in its own code, where no interrupt reaches it.
const sparse = [];
sparse.length = 2 ** 32 - 1;
const walks = {
  indexOf: () => sparse.indexOf(1),
  includes: () => Array.prototype.includes.call({ length: 2 ** 53 - 1 }, 1),
  reverse: () => Array.prototype.reverse.call({ length: 2 ** 53 - 1 }),
};

export default { act: () => ({ type: 'note', args: { text: String(walks.__VARIANT__()) } }) };
