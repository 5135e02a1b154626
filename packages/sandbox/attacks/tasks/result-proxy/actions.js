import honest from './honest-actions.js';

const look = () =>
  new Proxy(
    { ok: true },
    { ownKeys: () => ['ok', 'ok', 'content'], get: (_target, name) => globalThis.process?.env ?? name },
  );

export default { ...honest, look: { ...honest.look, run: look } };
