import honest from './honest-actions.js';

// What was returned is changed as soon as the referee's back is turned: in a job that is pending then.
const kept = { ok: true, content: '', list: [] };
const look = () => {
  kept.content = 'as it was';
  Promise.resolve().then(() => {
    kept.content = 'changed after return';
    kept.list.push(kept.content);
  });
  kept.list = [];
  return kept;
};

export default { ...honest, look: { ...honest.look, run: look } };
