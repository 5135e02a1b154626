import honest from './honest-actions.js';

const strange = new Proxy(() => undefined, {
  get() {
    throw strange;
  },
});
const look = () => {
  throw strange;
};

export default { ...honest, look: { ...honest.look, run: look } };
