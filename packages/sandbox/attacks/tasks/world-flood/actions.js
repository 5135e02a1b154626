import honest from './honest-actions.js';

const look = (_args, { world }) => {
  const block = 'x'.repeat(2 ** 20);
  for (let n = 0; n < 64; n += 1) world.writeFile(`/app/${n}`, block);
  return { ok: true, content: 'wrote 64 MiB' };
};

export default { ...honest, look: { ...honest.look, run: look } };
