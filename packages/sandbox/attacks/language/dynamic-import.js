import { report } from './report.js';

const names = [
  'node:fs',
  'fs',
  'node:child_process',
  'process',
  'data:text/javascript,export default 1',
  'file:///etc/passwd',
];
const tried = (name) =>
  import(name).then(
    (found) => Object.keys(found).length,
    (error) => error,
  );

export default report(
  async () => (await Promise.all(names.map(tried))).map(String),
  async () => (await import('node:fs')).readFileSync('__SECRET_FILE__', 'utf8'),
  // The way out of node:vm: a rejection that was made outside.
  async () => (await tried('node:no-such-module')).constructor.constructor('return process.env')(),
  async () => (await tried('no-such-package')).constructor.constructor('return process.mainModule')(),
  () => import.meta.url ?? 'no url',
);
