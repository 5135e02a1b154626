import honest from './honest-actions.js';

const tricks = [
  { toString: () => '/etc/passwd' },
  ['/app/clue.txt', '..'],
  new String('/app/../etc/passwd'),
  { path: '/app', __proto__: { path: '/etc' } },
  null,
];
const look = (_args, { world }) => {
  const said = tricks.map((trick) => {
    try {
      return world.readFile(trick);
    } catch (error) {
      return error.message;
    }
  });
  return { ok: true, content: said.join() };
};

export default { ...honest, look: { ...honest.look, run: look } };
