import honest from './honest-actions.js';

const look = (_args, { world }) => {
  for (let n = 0; n < 100_000; n += 1) world.exists('/app');
  return { ok: true, content: 'asked 100000 times' };
};

export default { ...honest, look: { ...honest.look, run: look } };
