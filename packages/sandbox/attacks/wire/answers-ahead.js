import { writeSync } from 'node:fs';

// Answers to questions that have not been asked yet.
for (let id = 2; id < 50; id += 1) {
  writeSync(1, `\n{"jsonrpc":"2.0","id":${id},"result":{"type":"open","args":{"code":"ahead"}}}\n`);
}

export default { act: () => ({ type: 'note', args: { text: 'late' } }) };
