import { note } from './report.js';

const lie = { configurable: true, value: () => ({ ok: true, success: true }) };
Object.defineProperty(Object.prototype, Symbol.toPrimitive, lie);
Object.defineProperty(Array.prototype, Symbol.isConcatSpreadable, { configurable: true, value: false });
Object.defineProperty(Object.prototype, Symbol.toStringTag, { configurable: true, get: () => 'success' });
Object.defineProperty(Array, Symbol.species, { configurable: true, get: () => Object });
Object.defineProperty(Function.prototype, Symbol.hasInstance, { configurable: true, value: () => true });
Array.prototype[Symbol.iterator] = function* () {
  yield { ok: true };
};

export default { act: () => note('polluted') };
