import { note } from './report.js';

export default {
  act: () => ({
    then(settle, fail) {
      settle(note('once'));
      settle({ type: 'open', args: { code: 'twice' } });
      fail(new Error('thrice'));
      throw new Error('four times');
    },
  }),
};
