// A worker with a planted weakness: what one episode did to it, the ones after it see.
import { World } from '@tracecore/sandbox';
import { startWorker } from '../../../dist/worker.js';

const left = new Set();
const { serve, visibleState } = World.prototype;
World.prototype.serve = function (method, params) {
  if (params.path === '/app/../etc/passwd') left.add(params.path);
  return serve.call(this, method, params);
};
World.prototype.visibleState = function () {
  return { files_seen: [...visibleState.call(this).files_seen, ...left] };
};
await startWorker();
