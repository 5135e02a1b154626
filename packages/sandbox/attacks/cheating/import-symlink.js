import setup from './linked.js';

export default { act: () => ({ type: 'open', args: { code: setup.toString() } }) };
