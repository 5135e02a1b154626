import setup from './linked-folder/setup.js';

export default { act: () => ({ type: 'open', args: { code: setup.toString() } }) };
