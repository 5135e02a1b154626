import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  boxArguments,
  type KnownOption,
  matchCommand,
  parseCount,
  parseSeed,
  splitGlobalFlags,
  unbox,
} from './argv.js';

const OPTIONS: KnownOption[] = [
  { name: 'seed', takesValue: true },
  { name: 'tool-calls', takesValue: true },
  { name: 'json', takesValue: false },
  { name: 'export', takesValue: 'maybe' },
];
const box = (...argv: string[]) => boxArguments(argv, OPTIONS, 'run');

describe('matchCommand', () => {
  const names = ['run', 'run pairing', 'verify'];

  test.each([
    [['run', 'pairing', 'x'], 'run pairing', ['x']],
    [['run', '--agent', 'pairing'], 'run', ['--agent', 'pairing']],
    [['run', 'paring'], 'run', ['paring']],
    [['verify'], 'verify', []],
  ])('%j', (argv, words, rest) => {
    expect(matchCommand(argv, names)).toEqual({ words, rest });
  });

  test.each([[[]], [['rum']], [['--json', 'run']]])('%j is no command', (argv) => {
    expect(matchCommand(argv, names)).toBeNull();
  });
});

describe('boxArguments', () => {
  test('keeps the text of values and positionals as typed', () => {
    expect(box('--json', '007', '--seed', '00012345678901234567890')).toEqual([
      '=007',
      '--json',
      '--seed==00012345678901234567890',
    ]);
    expect(box('--seed=-3', '--tool-calls', '1e3')).toEqual(['--seed==-3', '--tool-calls==1e3']);
  });

  test('takes a negative number as a value, and what follows -- as positionals', () => {
    expect(box('--seed', '-3', '--', '--json')).toEqual(['=--json', '--seed==-3']);
  });

  test('lets an option with a value that may be left out stand alone', () => {
    expect(box('--export', '--json')).toEqual(['--export', '--json']);
    expect(box('--export')).toEqual(['--export']);
    expect(box('--export', 'nightly', '--json')).toEqual(['--export==nightly', '--json']);
    expect(box('--export=nightly', 'x')).toEqual(['=x', '--export==nightly']);
    expect(() => box('--export=')).toThrow('--export needs a value');
  });

  test.each([
    [['--sed', '1'], 'unknown option --sed; did you mean --seed?'],
    [['--toolcalls=1'], 'unknown option --toolcalls; did you mean --tool-calls?'],
    [['--frobnicate'], 'unknown option --frobnicate; tracecore run --help lists its options'],
    [['--seed'], '--seed needs a value'],
    [['--seed='], '--seed needs a value'],
    [['--seed', '--json'], '--seed needs a value'],
    [['--json=yes'], '--json takes no value, got "yes"'],
    [['--seed', '1', '--seed', '2'], '--seed was given twice; give it once'],
  ])('%j is refused', (argv, message) => {
    expect(() => box(...argv)).toThrow(expect.objectContaining({ code: 'USAGE', message }));
  });

  test('whatever a value says, it comes back as it was', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (value) => {
        expect(box(`--seed=${value}`)).toEqual([`--seed==${value}`]);
        expect(unbox(`=${value}`)).toBe(value);
      }),
    );
  });
});

test('the global flags are found anywhere before --', () => {
  expect(splitGlobalFlags(['run', '--debug', '--seed', '1', '--', '--help'])).toEqual({
    rest: ['run', '--seed', '1', '--', '--help'],
    help: false,
    debug: true,
  });
  expect(splitGlobalFlags(['-h']).help).toBe(true);
});

describe('parseSeed', () => {
  test.each(['1.5', '1e3', '0x10', '', 'seven', ' 7', '9007199254740992', '+1', 'NaN', '--1'])('refuses %j', (text) => {
    expect(() => parseSeed(text)).toThrow(
      expect.objectContaining({ code: 'USAGE', message: expect.stringContaining(`"${text}"`) }),
    );
  });

  test('reads every whole number that a double holds', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (seed) => {
        expect(parseSeed(String(seed))).toBe(seed);
      }),
    );
  });

  test('007 is 7 and -0 is 0', () => {
    expect([parseSeed('007'), Object.is(parseSeed('-0'), 0)]).toEqual([7, true]);
  });
});

test.each(['-1', '1.5', 'ten', ''])('a count refuses %j', (text) => {
  expect(() => parseCount('timeout', 'seconds', text)).toThrow(
    `--timeout must be a whole number of seconds, got "${text}"`,
  );
});
