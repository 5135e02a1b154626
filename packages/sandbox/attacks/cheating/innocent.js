export { default as secretOf } from '../tasks/vault/setup.js';
