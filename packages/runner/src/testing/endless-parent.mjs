// Starts a worker on an episode that never ends, prints the ids of all processes below this one, and waits to be killed:
// `node endless-parent.mjs [CONFINEMENT]`.
import { readdirSync, readFileSync } from 'node:fs';
import { newRunner, request } from './endless-episode.mjs';

newRunner(process.argv[2]).run(request);
// Long enough for the worker to be inside the loop that no interrupt reaches.
setTimeout(() => console.log(JSON.stringify(below(process.pid))), 1_500);

function below(parent) {
  const children = readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && parentOf(pid) === parent);
  return children.flatMap((pid) => [Number(pid), ...below(Number(pid))]);
}

function parentOf(pid) {
  try {
    return Number(/^PPid:\t(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  } catch {
    return null;
  }
}
