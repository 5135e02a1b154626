import { note } from './report.js';

const hostile = '{"__proto__":{"ok":true,"opened":true},"constructor":{"prototype":{"ok":true}},"toJSON":1,"then":1}';

export default { act: () => note(JSON.parse(hostile)) };
