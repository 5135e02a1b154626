// A worker that an attacker has taken over: instead of playing a job it writes what the job's description names.
import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';

const guarantees = {
  secrecy: 'wasm',
  clock: 'enforced',
  network: 'blocked',
  hardKill: true,
  memoryCap: true,
  freshPerEpisode: true,
};
const ready = {
  type: 'ready',
  engine: { name: 'forged', version: '0', digest: null },
  guarantees,
  processGuarantees: guarantees,
};
const entry = (id, step = 1, given = {}) => ({
  type: 'entry',
  id,
  entry: {
    step,
    action_ts: '2000-01-01T00:00:00.000Z',
    observation: { step, task: { id: 'forged', description: '' }, budget_remaining: { steps: 1, tool_calls: 1 } },
    action: { type: 'add', args: {} },
    result: { ok: true },
    io_audit: [],
    llm_trace: null,
    budget_after_step: { steps: 0, tool_calls: 0 },
    budget_delta: { steps: 1, tool_calls: 1 },
    telemetry: {},
    ...given,
  },
});
const end = (id, given = {}) => ({
  type: 'end',
  id,
  outcome: {
    termination_reason: 'logic_failure',
    failure_reason: 'forged',
    failure_type: 'logic_failure',
    steps_used: 0,
    tool_calls_used: 0,
    validator: {},
    ...given,
  },
});

const ATTACKS = {
  honest: (id) => [end(id)],
  garbage: () => ['\u0000\u0001 not JSON at all'],
  'bytes that are no text': () => [Buffer.from([0xff, 0xfe, 0xfd, 0x0a])],
  null: () => ['null'],
  'a number': () => ['7'],
  'a forged prototype': (id) => [`{"__proto__":{"type":"end"},"id":${id},"outcome":{}}`],
  'an outcome of prototypes': (id) => [
    JSON.stringify(end(id)).replace('"validator":{}', '"validator":{"__proto__":{"x":1}}'),
  ],
  'deep nesting': () => ['['.repeat(5_000_000)],
  'lists without number': (id) => [`{"type":"end","id":${id},"outcome":[${'[],'.repeat(5_000_000)}[]]}`],
  'a line without end': () => {
    for (;;) writeSync(1, 'x'.repeat(65_536));
  },
  'messages without end': (id) => {
    for (let step = 1; ; step += 1) say(entry(id, step));
  },
  'processes without end': (id) => {
    for (;;) say({ type: 'child', id, child: { pid: 4_000_000, folder: '', running: true } });
  },
  'another id': (id) => [end(id + 1)],
  'an earlier id': (id) => [end(id - 1)],
  'the end twice': (id) => [end(id), end(id)],
  'being ready again': () => [ready],
  'a step that skips': (id) => [entry(id, 2)],
  'a step of nothing': (id) => [{ type: 'entry', id, entry: {} }],
  'an action that is a list': (id) => [entry(id, 1, { action: [] })],
  'a time that is none': (id) => [entry(id, 1, { action_ts: 'soon' }), end(id, { steps_used: 1, tool_calls_used: 1 })],
  'lone surrogates': (id) => [
    JSON.stringify(entry(id)).replace('"ok":true', '"ok":"\\ud800"'),
    end(id, { steps_used: 1, tool_calls_used: 1 }),
  ],
  'numbers past all numbers': (id) => [
    JSON.stringify(entry(id)).replace('"ok":true', '"ok":1e999'),
    end(id, { steps_used: 1, tool_calls_used: 1 }),
  ],
  'a success it did not earn': (id) => [end(id, { termination_reason: 'success', steps_used: 9 })],
  'a refusal of its own': (id) => [{ type: 'refused', id, code: 'ERR_EVIL', message: 'x' }],
  'the process of its referee': (id) => [
    { type: 'child', id, child: { pid: process.ppid, folder: '', running: true } },
  ],
  'every process': (id) => [{ type: 'child', id, child: { pid: -1, folder: '/', running: true } }],
};

function say(message) {
  const bytes = Buffer.isBuffer(message)
    ? message
    : Buffer.from(`${typeof message === 'string' ? message : JSON.stringify(message)}\n`);
  for (let written = 0; written < bytes.length; written += writeSync(1, bytes, written));
}

let started = false;
for await (const line of createInterface({ input: process.stdin })) {
  const { id, job } = JSON.parse(line);
  if (started) for (const message of ATTACKS[job.manifest.description](id)) say(message);
  else say(ready);
  started = true;
}
