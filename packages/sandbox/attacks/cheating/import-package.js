import setup from 'copied-task/setup.js';

export default { act: () => ({ type: 'open', args: { code: setup.toString() } }) };
