import honest from './honest-actions.js';

const look = () => {
  for (;;);
};

export default { ...honest, look: { ...honest.look, run: look } };
