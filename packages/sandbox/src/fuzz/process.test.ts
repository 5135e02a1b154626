import type { Json, JsonObject } from '@tracecore/spec';
import * as fc from 'fast-check';
import { afterAll, describe, expect, test, vi } from 'vitest';
import type { CallOutcome, Session } from '../host.js';
import { findJsonFault } from '../json-guard.js';
import { createProcessHost } from '../process/host.js';
import { type ProgramMessage, readMessage } from '../process/message.js';
import { fuzzSeed, inheritedNames, oddPart, sameJson } from '../testing/fuzz.js';
import { LIMITS, open, START, scopeOf } from '../testing/hosts.js';
import { commandOf } from '../testing/programs.js';
import { answerLine, OPEN_ID, wildLine } from '../testing/wild-lines.js';

const TURNS = 800;
/** Lines of a turn, about; most of those that would end it at once are left out. */
const MOST_LINES = 36;
/** Of so many turns one has an answer to what was not asked; it costs the process. */
const STRAY_EVERY = 50;

/** Writes the bytes it is given, waits for as many answers as it asked for, then says `last`, or what it was answered. */
const PROGRAM = `
const { writeSync } = require('node:fs');
const write = (bytes) => {
  for (let at = 0; at < bytes.length; ) {
    try { at += writeSync(1, bytes, at); } catch (error) { if (error.code !== 'EAGAIN') throw error; }
  }
};
let [got, turn] = [[], null];
const end = () => {
  if (turn === null || got.length < turn.asks) return;
  const { id, last } = turn;
  const text = last ?? JSON.stringify({ jsonrpc: '2.0', id, result: got });
  [got, turn] = [[], null];
  write(Buffer.from(text + '\\n'));
};
require('node:readline').createInterface({ input: process.stdin, crlfDelay: 0 }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line);
  if (method === undefined) got.push(line);
  else if (method === 'act') {
    turn = { id, asks: params.asks, last: params.last };
    for (const chunk of params.chunks) write(Buffer.from(chunk, 'base64'));
  } else turn = { id, asks: 0, last: JSON.stringify({ jsonrpc: '2.0', id, result: { protocol: 'tracecore-agent-protocol-v1' } }) };
  end();
});`;

// Thousands of messages take a while on a machine that does other things too.
vi.setConfig({ testTimeout: 120_000 });

const seed = fuzzSeed();
const inherited = inheritedNames();
const host = createProcessHost();
const scope = scopeOf({ services });
let asked: JsonObject[] = [];
let messages = 0;
let turns = 0;
let session: Session | null = null;
/** The id of the latest request; `initialize` has the first. */
let id = 1;

afterAll(async () => {
  await session?.close();
  console.log(`fuzz: ${messages.toLocaleString('en')} messages out of a process, seed ${seed}`);
  expect(inheritedNames()).toEqual(inherited);
});

function services(method: string, params: JsonObject): Json {
  asked.push(params);
  if (method === 'world.exists') return params;
  throw new Error(`unknown_call: ${method}`);
}

async function begun(): Promise<Session> {
  if (session) return session;
  const command = commandOf([process.execPath, 'program.cjs'], { files: { 'program.cjs': PROGRAM } });
  id = 1;
  session = await open(await host.prepare(command, LIMITS), scope);
  return session;
}

interface Turn {
  lines: string[];
  /** What the referee should log. */
  logged: string[];
  /** Ids of what the program asks, in their order. */
  asks: (string | number)[];
  /** The line that ends the turn, null where the program is to tell what it was answered. */
  last: string | null;
}

/** The lines that can be written before the turn ends, with the one that ends it, and what they should lead to. */
function plan(given: string[]): Turn {
  const turn: Turn = { lines: [], logged: [], asks: [], last: null };
  turns += 1;
  for (const line of given) {
    const text = Buffer.from(line.replaceAll(OPEN_ID, String(id))).toString('utf8');
    const message = readMessage(text);
    if (message.kind === 'result' || message.kind === 'error') {
      if (message.id === id || turns % STRAY_EVERY === 0) turn.last ??= text;
      continue;
    }
    turn.lines.push(text);
    if (message.kind === 'request') turn.asks.push(message.id);
    else if (message.kind === 'log') turn.logged.push(message.line);
    else if (text.trim() !== '') turn.logged.push(text);
  }
  return turn;
}

function cutAt(bytes: Buffer, cuts: number[]): string[] {
  const at = [...cuts.map((cut) => Math.floor(cut * bytes.length)).sort((a, b) => a - b), bytes.length];
  return at.map((end, i) => bytes.subarray(at[i - 1] ?? 0, end).toString('base64'));
}

function expectOutcome(outcome: CallOutcome, turn: Turn): void {
  const last = turn.last === null ? null : (readMessage(turn.last) as Extract<ProgramMessage, { id: unknown }>);
  if ('fault' in outcome) {
    const text = JSON.stringify(outcome.fault);
    expect([oddPart(outcome.fault), text.isWellFormed(), text.length < 10_000]).toEqual([null, true, true]);
  }
  if (last === null) {
    const got = 'value' in outcome ? (outcome.value as string[]) : [];
    expect(got.map((line) => expectAnswer(line))).toEqual(turn.asks.map((ask) => JSON.parse(JSON.stringify(ask))));
  } else if (last.id !== id) {
    expect(outcome).toMatchObject({
      fault: { kind: 'protocol', message: expect.stringMatching(/^answered request /) },
    });
  } else if (last.kind === 'error') {
    const notJson = last.error.code === -32001;
    expect(outcome).toMatchObject({ fault: { kind: notJson ? 'protocol' : 'throw', deterministic: true } });
  } else if (last.kind === 'result') {
    const bad = findJsonFault(last.result);
    if (bad)
      expect(outcome).toMatchObject({
        fault: { kind: 'protocol', pointer: bad.pointer.slice(0, 2_000).replace(/~$/, '') },
      });
    else
      expect('value' in outcome && [oddPart(outcome.value), sameJson(outcome.value, last.result)]).toEqual([
        null,
        true,
      ]);
  }
}

/** The id of an answer of the referee, which has to be a result or an error and nothing else. */
function expectAnswer(line: string): Json {
  const { jsonrpc, id: answered, result, error, ...rest } = JSON.parse(line);
  expect([jsonrpc, rest, line.isWellFormed()]).toEqual(['2.0', {}, true]);
  if (error === undefined) expect([oddPart(result), findJsonFault(result)]).toEqual([null, null]);
  else expect(error).toEqual({ code: expect.any(Number), message: expect.any(String) });
  return answered;
}

describe('lines of a process', () => {
  const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 6 });
  const given = fc.tuple(
    fc.array(wildLine, { maxLength: MOST_LINES, size: 'max' }),
    fc.option(answerLine, { freq: 2 }),
  );

  test('end a turn as each of them says, and leave the next turn as it was', async () => {
    const check = async ([lines, last]: [string[], string | null], where: number[]) => {
      const program = await begun();
      id += 1;
      const turn = plan(last === null ? lines : [...lines, last]);
      messages += turn.lines.length + 1;
      [asked, scope.lines.length] = [[], 0];
      const chunks = cutAt(Buffer.from(turn.lines.map((line) => `${line}\n`).join('')), where);
      const params = { chunks, asks: turn.asks.length, last: turn.last };
      const outcome = await program.call('act', params, { deadline: null, virtualNow: START });
      if (turn.last !== null && 'fault' in outcome && outcome.fault.message.startsWith('answered request ')) {
        await program.close();
        session = null;
      }
      expectOutcome(outcome, turn);
      expect(scope.lines).toEqual(turn.logged.map((line) => line.slice(0, 2_000).toWellFormed()));
      expect(asked.map((params) => [oddPart(params), findJsonFault(params)])).toEqual(asked.map(() => [null, null]));
    };
    await fc.assert(fc.asyncProperty(given, cuts, check), { seed, numRuns: TURNS });
    expect(messages).toBeGreaterThan(10_000);
  });
});
