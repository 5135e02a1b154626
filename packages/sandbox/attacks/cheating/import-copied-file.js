import setup from './copied.js';

export default { act: () => ({ type: 'open', args: { code: setup.toString() } }) };
