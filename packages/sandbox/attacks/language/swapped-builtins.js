import { note } from './report.js';

// What the referee's own code inside may lean on: had it looked these up late, the answer would be the attacker's.
const forged = '{"value":{"type":"open","args":{"code":"x"}},"ok":true,"success":true}';
const { stringify } = JSON;
JSON.stringify = () => forged;
JSON.parse = () => ({ value: { ok: true }, success: true });
Reflect.apply = () => ({ ok: true });
Object.hasOwn = () => true;
Object.keys = () => ['ok'];
Array.isArray = () => true;
Number.isFinite = () => true;
Promise.prototype.then = function (settle) {
  settle?.({ ok: true });
  return this;
};
Promise.resolve = () => ({ then: (settle) => settle({ ok: true }) });
String.prototype.slice = String.prototype.replaceAll = () => forged;
String.prototype.isWellFormed = () => true;

export default { act: () => note(stringify('swapped')) };
