import honest from './honest-actions.js';

const look = () => {
  let deep = [];
  for (let n = 0; n < 50_000; n += 1) deep = [deep];
  return { ok: true, content: deep };
};

export default { ...honest, look: { ...honest.look, run: look } };
