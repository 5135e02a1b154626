import { readdirSync, readFileSync } from 'node:fs';
import { report } from './report.js';

const canaries = (text) => text.match(/canary-[a-z]+-[0-9a-f]+/g) ?? 'none';
const environOf = (pid) => {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8');
  } catch {
    return '';
  }
};

export default report(
  () => canaries(JSON.stringify(process.env)),
  () => canaries(environOf('self')),
  () => canaries(environOf(process.ppid)),
  () => canaries(environOf('__RUNNER_PID__')),
  () =>
    canaries(
      readdirSync('/proc')
        .filter((name) => /^\d+$/.test(name))
        .map(environOf)
        .join(' '),
    ),
);
