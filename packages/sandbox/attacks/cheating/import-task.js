import setup from '../tasks/vault/setup.js';

export default { act: () => ({ type: 'open', args: { code: setup.toString() } }) };
