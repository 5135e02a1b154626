import honest from './honest-actions.js';

const look = () => {
  const sparse = [];
  sparse.length = 2 ** 32 - 1;
  return { ok: sparse.includes(1) };
};

export default { ...honest, look: { ...honest.look, run: look } };
