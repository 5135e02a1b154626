import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseWorkerMessage } from './parse-message.js';
import type { WorkerMessage } from './protocol.js';

const guarantees = {
  secrecy: 'wasm',
  clock: 'enforced',
  network: 'blocked',
  hardKill: true,
  memoryCap: true,
  freshPerEpisode: true,
} as const;
const MESSAGES: WorkerMessage[] = [
  {
    type: 'ready',
    engine: { name: 'quickjs', version: '1', digest: null },
    guarantees,
    processGuarantees: { ...guarantees, secrecy: 'none', memoryCap: false },
  },
  { type: 'child', id: 1, child: { pid: 77, folder: '/tmp/x', running: true } },
  {
    type: 'entry',
    id: 1,
    entry: {
      step: 1,
      action_ts: '2000-01-01T00:00:00.000Z',
      observation: { step: 1, task: { id: 'a', description: '' }, budget_remaining: { steps: 1, tool_calls: 1 } },
      action: { type: 'add', args: { __proto__: null, constructor: 1 } },
      result: { ok: true, toJSON: 'text' },
      io_audit: [],
      llm_trace: null,
      budget_after_step: { steps: 0, tool_calls: 0 },
      budget_delta: { steps: 1, tool_calls: 1 },
      telemetry: {},
    } as never,
  },
  {
    type: 'end',
    id: 1,
    outcome: {
      termination_reason: 'success',
      failure_reason: null,
      failure_type: null,
      steps_used: 1,
      tool_calls_used: 1,
      validator: { ok: true },
    },
  },
  { type: 'refused', id: 1, code: 'TASK_INVALID', message: 'why' },
];
const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
const entryWith = (result: string) => JSON.stringify(MESSAGES[2]).replace('{"ok":true,"toJSON":"text"}', result);

test.each(MESSAGES.map((message) => [message.type, message] as const))('%s is read as it was told', (_, message) => {
  expect(parseWorkerMessage(JSON.stringify(message))).toEqual(message);
});

test('fields of no meaning do not pass the door, and __proto__ is a name like others inside an action', () => {
  const extra = JSON.stringify({ ...MESSAGES[3], more: 1 }).replace('{', '{"__proto__":{"type":"ready"},');
  expect(parseWorkerMessage(extra)).toEqual(MESSAGES[3]);
  const text = entryWith('{"__proto__":{"polluted":true},"ok":true}');
  const { entry } = parseWorkerMessage(text) as Extract<WorkerMessage, { type: 'entry' }>;
  expect(Object.keys(entry.result as object)).toEqual(['__proto__', 'ok']);
  expect((entry.result as { polluted?: boolean }).polluted).toBeUndefined();
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
});

describe('what is no message is nothing', () => {
  test.each([
    ['no JSON', '{"type":"end"'],
    ['nothing', ''],
    ['null', 'null'],
    ['a list', '[]'],
    ['a number', '5'],
    ['a type that is not known', '{"type":"exec","id":1}'],
    ['a type that every object has', '{"type":"constructor","id":1}'],
    ['an id that is no number', JSON.stringify({ ...MESSAGES[4], id: '1' })],
    ['an id past all numbers', '{"type":"refused","id":1e400,"code":"TASK_INVALID","message":""}'],
    ['a code that is not ours', JSON.stringify({ ...MESSAGES[4], code: 'ERR_EVIL' })],
    ['the first process of all', JSON.stringify({ ...MESSAGES[1], child: { pid: 1, folder: '', running: true } })],
    ['the own group', JSON.stringify({ ...MESSAGES[1], child: { pid: 0, folder: '', running: true } })],
    ['all processes', JSON.stringify({ ...MESSAGES[1], child: { pid: -1, folder: '', running: true } })],
    ['a result that is no object', entryWith('[1]')],
    ['a result nested too deep', entryWith(`{"x":${nested(200)}}`)],
    ['nesting without end', nested(3_000_000)],
    ['millions of small lists', entryWith(`{"x":[${'[],'.repeat(2 ** 21)}[]]}`)],
    [
      'a guarantee that is not known',
      JSON.stringify({ ...MESSAGES[0], guarantees: { ...guarantees, clock: 'toString' } }),
    ],
    ['an ending that every object has', JSON.stringify(MESSAGES[3]).replace('"success"', '"constructor"')],
  ])('%s', (_what, line) => {
    expect(parseWorkerMessage(line)).toBeNull();
  });

  test('a text of braces is no nesting', () => {
    const text = `\\"${'{['.repeat(1_000_000)}\\\\`;
    expect(parseWorkerMessage(entryWith(`{"x":"${text}"}`))).not.toBeNull();
  });
});

/** A message with one of its values, at any depth, put in the place of any other JSON. */
const twisted = fc
  .tuple(
    fc.constantFrom(...MESSAGES),
    fc.nat(),
    fc.jsonValue({ depthSize: 'medium' }),
    fc.constantFrom('set', 'drop', 'add'),
  )
  .map(([message, place, value, how]) => {
    const copy = structuredClone(message) as unknown as Record<string, unknown>;
    const places: [Record<string, unknown>, string][] = [];
    const collect = (object: Record<string, unknown>): void => {
      for (const [key, member] of Object.entries(object)) {
        places.push([object, key]);
        if (typeof member === 'object' && member !== null) collect(member as Record<string, unknown>);
      }
    };
    collect(copy);
    const [object, key] = places[place % places.length] as [Record<string, unknown>, string];
    if (how === 'drop') delete object[key];
    else if (how === 'set') object[key] = value;
    else Object.defineProperty(object, '__proto__', { value, enumerable: true });
    return JSON.stringify(copy);
  });
const cut = fc
  .tuple(fc.constantFrom(...MESSAGES), fc.nat(), fc.string({ unit: 'binary' }))
  .map(([message, at, noise]) => {
    const text = JSON.stringify(message);
    const place = at % text.length;
    return text.slice(0, place) + noise + text.slice(place + noise.length);
  });

test('any line is nothing, or a message whose every field is one of its kind, and what is read is read again alike', () => {
  let read = 0;
  fc.assert(
    fc.property(fc.oneof(twisted, cut, fc.string({ unit: 'binary' }), fc.json()), (line) => {
      const message = parseWorkerMessage(line);
      if (message === null) return;
      read += 1;
      expect(parseWorkerMessage(JSON.stringify(message))).toEqual(message);
      const [model] = MESSAGES.filter(({ type }) => type === message.type);
      expect(Object.keys(message)).toEqual(Object.keys(model as object));
      expect(Object.getPrototypeOf(message)).toBe(Object.prototype);
    }),
    { numRuns: 5_000 },
  );
  // The generator must reach what is accepted, too.
  expect(read).toBeGreaterThan(100);
});
