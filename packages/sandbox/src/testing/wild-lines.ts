import * as fc from 'fast-check';
import { broken, spelledObject, wildText } from './wild-json.js';

/** Stands in a line where the id of the open request belongs. */
export const OPEN_ID = '987654321';

const version = fc.constant('"2.0"');
const anyId = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('"c1"', '"c2"', '7', '"__proto__"', '1.5', '"\\ud800"', '1e999', '-0', '0') },
  { weight: 1, arbitrary: wildText },
);
const service = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('"world.exists"', '"world.read_file"', '"world.set_output"', '"__proto__"') },
  { weight: 1, arbitrary: wildText },
);
const callParams = spelledObject({ method: service, params: fc.oneof(wildText, spelledObject({ path: wildText })) });
const rpcError = spelledObject({
  code: fc.oneof(fc.constantFrom('-32000', '-32001', '-32002', '-32601', '1e999'), wildText),
  message: wildText,
  data: fc.oneof(
    spelledObject({ pointer: wildText, reason: wildText, location: wildText, frames: wildText }),
    wildText,
  ),
});
const method = fc.oneof(
  { weight: 5, arbitrary: fc.constant('"call"') },
  { weight: 1, arbitrary: fc.constantFrom('"log"', '"act"', '"initialize"', '""', 'null', '7') },
);

const message = (members: Record<string, fc.Arbitrary<string>>) => spelledObject({ jsonrpc: version, ...members });

/** What a program writes while it is asked something and does not answer yet, most of it well made. */
const chatter = fc.oneof(
  { weight: 4, arbitrary: message({ id: anyId, method, params: callParams }) },
  { weight: 2, arbitrary: message({ method: fc.constant('"log"'), params: spelledObject({ line: wildText }) }) },
  { weight: 1, arbitrary: message({ id: anyId, method, params: wildText }) },
  { weight: 1, arbitrary: message({ method: wildText, params: wildText }) },
  { weight: 1, arbitrary: wildText },
  { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
);

/** A result or an error to the request that is open, the message around it well made or not. */
export const answerLine = fc.oneof(
  { weight: 4, arbitrary: message({ id: fc.constant(OPEN_ID), result: wildText }) },
  { weight: 2, arbitrary: message({ id: fc.constant(OPEN_ID), error: fc.oneof(rpcError, wildText) }) },
);

/** An answer to whatever request. */
const strayAnswer = fc.oneof(message({ id: anyId, result: wildText }), message({ id: anyId, error: rpcError }));

/** One line of a program, without its end. */
export const wildLine: fc.Arbitrary<string> = fc
  .oneof(
    { weight: 6, arbitrary: chatter },
    { weight: 3, arbitrary: answerLine },
    { weight: 1, arbitrary: strayAnswer },
    { weight: 2, arbitrary: broken(fc.oneof(chatter, answerLine)) },
  )
  .map((line) => line.replaceAll('\n', ' '));
