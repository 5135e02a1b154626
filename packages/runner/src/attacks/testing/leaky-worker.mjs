// A worker with a planted weakness: what it is told of the hidden state, it shows to the agent.
import { World } from '@tracecore/sandbox';
import { startWorker } from '../../../dist/worker.js';

const { parse } = JSON;
let hidden = [];
JSON.parse = (text, ...more) => {
  hidden = /canary-hidden-[0-9a-f]+/.exec(text) ?? hidden;
  return parse(text, ...more);
};
const { visibleState } = World.prototype;
World.prototype.visibleState = function () {
  return { files_seen: [...visibleState.call(this).files_seen, ...hidden] };
};
await startWorker();
