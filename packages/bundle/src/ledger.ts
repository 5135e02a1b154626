export { type Appended, type AppendOptions, appendEntries } from './ledger/append-entries.js';
export {
  type CheckpointTrust,
  parseSignedCheckpoint,
  requireSigned,
  type SignedCheckpoint,
} from './ledger/checkpoint-note.js';
export { type Known, keepSeen, readKnown } from './ledger/history.js';
export { type Ledger, type Log, type OpenOptions, openLedger, readCheckpoint } from './ledger/read-log.js';
