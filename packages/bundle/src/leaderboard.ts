export { type Board, findRecord, putRecord, readBoard } from './leaderboard/board.js';
export { rankAgents, type Standing, type TaskStandings } from './leaderboard/rank.js';
export type { BoardRecord } from './leaderboard/record.js';
export { type CertifiedBundle, readCertified } from './ledger/certified-bundle.js';
