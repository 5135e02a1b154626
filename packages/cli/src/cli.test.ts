import { describe, expect, test } from 'vitest';
import { COMMANDS } from './commands.js';
import { runCli } from './testing/fake-deps.js';

test('no command prints help', async () => {
  const { code, stdout, stderr } = await runCli([]);
  expect([code, stderr]).toEqual([0, '']);
  for (const { words } of COMMANDS) expect(stdout).toContain(`  ${words}`);
  expect(stdout).toContain('Exit codes:');
});

describe.each(COMMANDS.map((spec) => [spec.words, spec] as const))('%s --help', (words, spec) => {
  test('names every option, gives examples and exit codes, and runs nothing', async () => {
    const { code, stdout, stderr } = await runCli([...words.split(' '), '--help']);
    expect([code, stderr]).toEqual([0, '']);
    for (const { flag, about } of spec.options)
      expect(stdout).toMatch(
        new RegExp(`${flag.replaceAll(/[[\]]/g, '.')} +${about.slice(0, 20).replaceAll(/[()]/g, '.')}`),
      );
    for (const example of spec.examples) expect(stdout).toContain(example);
    expect(stdout).toContain('Exit codes:');
  });

  test('its examples use only options that it has', () => {
    const known = ['--help', ...spec.options.map(({ flag }) => flag.split(' ')[0])];
    for (const word of spec.examples.join(' ').split(' ')) if (word.startsWith('--')) expect(known).toContain(word);
  });
});

test('run --help lists the commands of its group', async () => {
  expect((await runCli(['run', '-h'])).stdout).toContain('run pairing [name]');
});

test('the help of a group lists its commands alone', async () => {
  const { code, stdout } = await runCli(['bundle', '--help']);
  expect([code, stdout.match(/^ {2}bundle \w+/gm)]).toEqual([
    0,
    ['  bundle seal', '  bundle verify', '  bundle disclose', '  bundle status', '  bundle sign'],
  ]);
  expect(stdout).not.toContain('  inspect');
});

test.each([['version'], ['--version'], ['-v']])('%s prints both versions', async (word) => {
  expect(await runCli([word])).toEqual({ code: 0, stdout: 'runtime: 9.9.9  spec: tracecore-spec-v1.0\n', stderr: '' });
});

describe('a usage error is one sentence on stderr and exit 2', () => {
  test.each([
    [['rum'], 'unknown command "rum"; did you mean run?'],
    [['frobnicate'], 'unknown command "frobnicate"; tracecore --help lists the commands'],
    [['run', 'paring', 'x'], 'unknown command "run paring"; did you mean run pairing?'],
    [['bundle', 'vrify'], 'unknown command "bundle vrify"; did you mean bundle verify?'],
    [['keys'], 'unknown command "keys"; there is keys generate, keys show'],
    [['--sed', '1'], 'unknown option --sed; give the command first'],
    [['--versio'], 'unknown option --versio; did you mean --version?'],
    [['run', '--agnt', 'x'], 'unknown option --agnt; did you mean --agent?'],
    [['run', '--strict-spec', '--sead=1'], 'unknown option --sead; did you mean --seed?'],
    [['run'], 'run needs --agent and --task (or --from-config, or: tracecore run pairing NAME)'],
    [['run', '--agent', 'a.ts'], 'run needs --task (or --from-config, or: tracecore run pairing NAME)'],
    [
      ['run', '--agent', 'a.ts', '--task', 't', '--seed', '1.5'],
      '--seed must be a whole number up to 9007199254740991, got "1.5"',
    ],
    [
      ['run', '--agent', 'a.ts', '--task', 't', '--timeout', 'soon'],
      '--timeout must be a whole number of seconds, got "soon"',
    ],
    [
      ['run', '--agent', 'a.ts', '--task', 't', '--isolation', 'vm'],
      '--isolation must be isolate, process or inline, got "vm"',
    ],
    [
      ['run', '--from-config', 'e.json', '--seed', '1'],
      '--seed and --from-config exclude each other: set it in the config file',
    ],
    [['verify', 'a.json', '--run', 'x'], 'verify takes files, --run, --bundle or --latest, one of them'],
    [['inspect', '--latest', '--run', 'x'], 'inspect takes a record, --run or --latest, one of them'],
    [['inspect', 'x', '--run', 'x'], 'inspect takes a record, --run or --latest, one of them'],
    [['inspect', 'x', 'y'], 'inspect takes no argument "y"; tracecore inspect --help shows its use'],
    [['version', '--json'], 'unknown option --json; tracecore version --help lists its options'],
  ])('%j', async (argv, message) => {
    expect(await runCli(argv)).toEqual({ code: 2, stdout: '', stderr: `tracecore: ${message}\n` });
  });

  test('[REQ-SBX-08] strict spec refuses the inline host before anything is loaded', async () => {
    const argv = ['run', '--agent', 'a.ts', '--task', 't', '--strict-spec', '--isolation', 'inline'];
    const { code, stderr } = await runCli(argv);
    expect(code).toBe(2);
    expect(stderr).toContain('--strict-spec needs --isolation isolate');
  });
});

test('a fault of our own is exit 1, and --debug shows where', async () => {
  const argv = ['run', '--agent', 'a.ts', '--task', 't'];
  const plain = await runCli(argv);
  expect(plain.code).toBe(1);
  expect(plain.stderr).toBe(
    'tracecore: unexpected fault of tracecore itself: this command should not load that package (--debug shows where)\n',
  );
  expect((await runCli([...argv, '--debug'])).stderr).toMatch(/\n {4}at /);
});

test('control characters of an argument do not reach the terminal', async () => {
  const { stderr } = await runCli(['\u001b[2Jrun']);
  expect(stderr).toContain('\\u001b[2Jrun');
  expect(stderr).not.toContain('\u001b');
});
