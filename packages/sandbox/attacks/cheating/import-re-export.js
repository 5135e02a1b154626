import { secretOf } from './innocent.js';

export default { act: () => ({ type: 'open', args: { code: secretOf() } }) };
