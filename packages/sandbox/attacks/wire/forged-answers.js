import { writeSync } from 'node:fs';

const forged = {
  'another id': '{"jsonrpc":"2.0","id":999,"result":{"type":"note","args":{"text":"forged"}}}',
  'an old id': '{"jsonrpc":"2.0","id":1,"result":null}',
  'a negative id': '{"jsonrpc":"2.0","id":-1,"result":null}',
  'a text id': '{"jsonrpc":"2.0","id":"3","result":null}',
  'an object id': '{"jsonrpc":"2.0","id":{"__proto__":3},"result":null}',
  'a null id': '{"jsonrpc":"2.0","id":null,"result":null}',
};

export default {
  act() {
    writeSync(1, `\n${forged['__VARIANT__']}\n`);
    for (;;);
  },
};
