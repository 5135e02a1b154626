import { readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { report } from './report.js';

const read = (file) => readFileSync(file, 'utf8');

export default report(
  () => read('__SECRET_FILE__'),
  () => read('__HOME_FILE__'),
  () => read('__TASK_FILE__'),
  () => {
    symlinkSync('__SECRET_FILE__', 'link');
    return read('link');
  },
  () =>
    ['__SCENE__', '__WORKSPACE__', '/proc/1/root__SCENE__', '/proc/self/root__SCENE__'].map((dir) =>
      attempt(() => readdirSync(dir)),
    ),
  () =>
    attempt(() => read('/proc/1/root__SECRET_FILE__')) +
    attempt(() => read(`/proc/${process.ppid}/root__SECRET_FILE__`)),
);

function attempt(run) {
  try {
    return run();
  } catch (error) {
    return error.code;
  }
}
