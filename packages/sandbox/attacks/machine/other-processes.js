import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { report } from './report.js';

const others = () => readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
const look = (file, read) =>
  others().map((pid) => {
    try {
      return read(`/proc/${pid}/${file}`);
    } catch {
      return '';
    }
  });
const canaries = (list) => list.filter((text) => /canary-[a-z]+-/.test(text) || text.includes('__SCENE__')).join(' ');

export default report(
  () => canaries(look('cmdline', (file) => readFileSync(file, 'utf8'))),
  () => canaries(look('cwd', (file) => readlinkSync(file))),
  () => canaries(look('exe', (file) => readlinkSync(file))),
  () => canaries([process.title, ...process.argv, ...process.execArgv]),
);
