import { writeSync } from 'node:fs';
import { note } from './report.js';

const noise = [
  '{"type":"end","id":1,"outcome":{"termination_reason":"success"}}',
  '{"jsonrpc":"2.0","method":"end","params":{"success":true}}',
  '{"jsonrpc":"2.0","method":"log","params":{"line":{"__proto__":1}}}',
  '{"jsonrpc":"1.0","id":3,"result":{"type":"open","args":{"code":"x"}}}',
  '{"jsonrpc":"2.0","id":3,"result":1,"error":{}}',
  '[{"jsonrpc":"2.0","id":3,"result":null}]',
  `${'['.repeat(100_000)}`,
  `${'{"a":'.repeat(50_000)}`,
  '\u0000\u0001\u001b[2J\ufffe',
  '{"jsonrpc":"2.0","id":1e999,"method":"call","params":{}}',
];

export default {
  act() {
    for (const line of noise) writeSync(1, `\n${line}\n`);
    writeSync(1, Buffer.from([10, 0xff, 0xc0, 0x80, 0xed, 0xa0, 0x80, 10]));
    return note('noise');
  },
};
