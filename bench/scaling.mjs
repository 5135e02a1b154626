// A day of a fleet, minute by minute: node bench/scaling.mjs [--episodes 10000000] [--cores 64] ... What it multiplies was
// measured by bench/queue.mjs; replace the defaults by what that prints on your machines.
import { parseArgs } from 'node:util';

const DEFAULTS = {
  /** Episodes a day, and how much more the busiest hour has than the average. */
  episodes: 10_000_000,
  peak: 2.5,
  /** Cores of all workers, and episodes a second that one plays. */
  cores: 2,
  'per-core': 300,
  /** Results a second that one submitter checks and stores, and how many submitters there are. */
  'submitter-rate': 400,
  submitters: 1,
  /** Episodes that a submitter keeps on the queue. */
  window: 8_192,
  /** Bytes: of an episode that waits, of a result that waits, of an artifact compressed and plain, of a row of the index. */
  'queued-bytes': 385,
  'result-bytes': 3_419,
  'artifact-gzip-bytes': 2_357,
  'artifact-bytes': 18_538,
  'index-bytes': 600,
  /** Minutes that every submitter is away, from noon on; workers go on until the window is played. */
  outage: 30,
};
const MINUTES = 24 * 60;
const NOON = 12 * 60;

const { values } = parseArgs({
  options: Object.fromEntries(Object.keys(DEFAULTS).map((name) => [name, { type: 'string' }])),
});
const given = Object.fromEntries(
  Object.entries(DEFAULTS).map(([name, value]) => {
    const read = values[name] === undefined ? value : Number(values[name]);
    if (!(read >= 0)) throw new Error(`--${name} takes a number of 0 or more, got ${values[name]}`);
    return [name, read];
  }),
);

const day = simulate(given);
for (const [what, value] of rows(given, day)) console.log(`${what.padEnd(46)}${value}`);

/** Episodes arrive over the day, wait at their submitter, stand on the queue, are played, and wait to be stored. */
function simulate(at) {
  const weights = Array.from({ length: MINUTES }, (_, minute) => 1 + (at.peak - 1) * wave(minute));
  const total = weights.reduce((sum, one) => sum + one, 0);
  const workers = at.cores * at['per-core'] * 60;
  const stores = at.submitters * at['submitter-rate'] * 60;
  const window = at.submitters * at.window;
  let [backlog, queued, waiting, stored] = [0, 0, 0, 0];
  const most = { arrivals: 0, backlog: 0, memory: 0, busy: 0, storing: 0 };
  for (let minute = 0; minute < MINUTES; minute += 1) {
    const arrivals = (at.episodes * (weights[minute] ?? 0)) / total;
    const away = minute >= NOON && minute < NOON + at.outage;
    backlog += arrivals;
    let [playing, storing] = [workers, away ? 0 : stores];
    // A window turns over many times a minute: what leaves it makes room for more.
    for (let moved = 1; moved >= 1; ) {
      const sent = away ? 0 : Math.min(backlog, Math.max(0, window - queued - waiting));
      backlog -= sent;
      queued += sent;
      const played = Math.min(queued, playing);
      queued -= played;
      playing -= played;
      waiting += played;
      most.memory = Math.max(most.memory, queued * at['queued-bytes'] + waiting * at['result-bytes']);
      const kept = Math.min(waiting, storing);
      waiting -= kept;
      storing -= kept;
      stored += kept;
      moved = sent + played + kept;
    }
    most.arrivals = Math.max(most.arrivals, arrivals / 60);
    most.backlog = Math.max(most.backlog, backlog + queued + waiting);
    most.busy = Math.max(most.busy, 1 - playing / workers);
    if (!away) most.storing = Math.max(most.storing, 1 - storing / stores);
  }
  return { ...most, stored, left: backlog + queued + waiting };
}

/** From 0 at night to 1 in the busiest hour. */
function wave(minute) {
  return Math.max(0, Math.sin(((minute - 6 * 60) / (16 * 60)) * Math.PI));
}

function rows(at, most) {
  const mib = (bytes) => `${(bytes / 2 ** 20).toFixed(0)} MiB`;
  const gib = (bytes) => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
  const share = (one) => `${(100 * one).toFixed(0)} %`;
  const needed = (rate) => Math.ceil(most.arrivals / rate);
  return [
    [
      'episodes a second, average and busiest minute',
      `${(at.episodes / 86_400).toFixed(0)}, ${most.arrivals.toFixed(0)}`,
    ],
    ['cores that the busiest minute keeps busy', `${needed(at['per-core'])} of ${at.cores}`],
    ['submitters that the busiest minute needs', `${needed(at['submitter-rate'])} of ${at.submitters}`],
    ['busiest minute of workers, of submitters', `${share(most.busy)}, ${share(most.storing)}`],
    ['most episodes behind at once', most.backlog.toFixed(0)],
    ['not stored at the end of the day', most.left.toFixed(0)],
    ['most memory of the queue', mib(most.memory)],
    ['results through the queue a day', gib(most.stored * at['artifact-gzip-bytes'])],
    [
      'artifacts on disk a day, plain and compressed',
      `${gib(most.stored * at['artifact-bytes'])}, ${gib(most.stored * at['artifact-gzip-bytes'])}`,
    ],
    ['files of runs a day', most.stored.toFixed(0)],
    ['index a day', gib(most.stored * at['index-bytes'])],
  ];
}
