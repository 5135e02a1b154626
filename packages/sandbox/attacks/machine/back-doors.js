import { execFileSync } from 'node:child_process';
import { openSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { report } from './report.js';

const fromWorker = (code) =>
  new Promise((resolve) => {
    const worker = new Worker(code, { eval: true });
    worker.once('message', resolve);
    worker.once('error', (error) => resolve(error.message));
  });

export default report(
  () => execFileSync('/bin/cat', ['__SECRET_FILE__']).toString(),
  () =>
    fromWorker(
      "require('node:worker_threads').parentPort.postMessage(require('node:fs').readFileSync('__SECRET_FILE__', 'utf8'))",
    ),
  () => process.binding('fs').open('__SECRET_FILE__', 0, 0),
  () => createRequire('/')('__SECRET_FILE__'),
  () =>
    readFileSync(openSync(Buffer.from('__SECRET_FILE__')), 'utf8') +
    readFileSync(new URL('file://__SECRET_FILE__'), 'utf8'),
  () => {
    writeFileSync('lib.node', 'not a library');
    process.dlopen({ exports: {} }, './lib.node');
  },
);
