import { readSync, writeSync } from 'node:fs';
import { note } from './report.js';

const methods = ['world.read_file', 'world.write_file', 'world.set_output', '__proto__', 'constructor', 'end', ''];
const chunk = Buffer.alloc(65_536);

// An agent has no world: whatever it asks the referee for is refused.
export default {
  act() {
    const answers = methods.map((method, id) => {
      const params = { method, params: { path: '/app/clue.txt', content: 'x', key: 'answer', value: 'x' } };
      writeSync(1, `\n${JSON.stringify({ jsonrpc: '2.0', id: `x${id}`, method: 'call', params })}\n`);
      return chunk.toString('utf8', 0, readSync(0, chunk, 0, chunk.length, null));
    });
    return note(
      answers.filter((answer) => !answer.includes('error')).length === 0 ? 'all refused' : `answered ${answers}`,
    );
  },
};
