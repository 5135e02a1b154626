// A worker module that, instead of playing, tries what it must not be able to do, and prints what came of each.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { Worker } from 'node:worker_threads';

const [port, referee, secret] = process.argv.slice(2);

const outcome = (act) => {
  try {
    act();
    return 'done';
  } catch (error) {
    return error.code ?? String(error);
  }
};
const connected = () =>
  new Promise((resolve) => {
    const socket = connect(Number(port), '127.0.0.1', () => resolve('done'));
    socket.once('error', ({ code }) => resolve(code));
  });
const spawned = () => {
  const { error } = spawnSync('/bin/true');
  if (error) throw error;
};

console.log(
  JSON.stringify({
    environment: Object.keys(process.env).sort(),
    ownFile: outcome(() => readFileSync(process.argv[1])),
    hostFile: outcome(() => readFileSync(secret)),
    root: outcome(() => readdirSync('/')),
    memory: outcome(() => readFileSync(`/proc/${referee}/environ`)),
    write: outcome(() => writeFileSync('/tmp/tracecore-prying', '')),
    spawn: outcome(spawned),
    signal: outcome(() => process.kill(Number(referee), 0)),
    thread: outcome(() => void new Worker('', { eval: true }).terminate()),
    network: await connected(),
  }),
);
process.exit(0);
