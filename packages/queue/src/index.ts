export { parseAddress } from './address.js';
export { batchStatus, cancelBatch, listBatches } from './batches.js';
export { createQueueEngine } from './engine.js';
export { QueueError, type QueueErrorCode } from './error.js';
export { startWorker } from './worker.js';
