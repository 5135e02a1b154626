import honest from './honest-actions.js';

// Settles with a thenable that settles with nothing, after claiming to have settled with a success.
const look = () => ({ then: (settle) => settle({ then: () => settle({ ok: true, success: true }) }) });

export default { ...honest, look: { ...honest.look, run: look } };
