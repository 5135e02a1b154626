import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Artifact } from '@tracecore/spec';
import { describe, expect, test } from 'vitest';
import type { Io, Loaders } from '../deps.js';
import { anArtifact } from '../testing/artifact.js';
import { type Recorded, runCli, withFolder } from '../testing/fake-deps.js';

const A = anArtifact();
const B = changed((copy) => Object.assign(stepOf(copy).result, { content: 'goodbye' }));
const OTHER_TASK = anArtifact({ task_ref: 'demo@2' });
const FAILED = anArtifact({ success: false, termination_reason: 'steps_exhausted', failure_type: 'budget_exhausted' });

function changed(edit: (copy: Artifact) => void): Artifact {
  const copy = structuredClone(A);
  edit(copy);
  return copy;
}

function stepOf(artifact: Artifact, index = 0): Artifact['action_trace'][number] {
  return artifact.action_trace[index] as Artifact['action_trace'][number];
}

/** As many steps as asked for, each like the first. */
function withSteps(artifact: Artifact, count: number): Artifact {
  const steps = Array.from({ length: count }, (_, index) => ({
    ...structuredClone(stepOf(artifact)),
    step: index + 1,
  }));
  return { ...artifact, action_trace: steps };
}

/** Runs `diff` in a folder with these files; the run store knows `latest` and one run, both `a.json`. */
function diff(argv: string, files: Record<string, unknown> = {}, io: Partial<Io> = {}): Promise<Recorded> {
  return withFolder(async (cwd) => {
    const all = { 'a.json': A, 'b.json': B, 'other.json': OTHER_TASK, 'failed.json': FAILED, ...files };
    for (const [name, value] of Object.entries(all)) {
      await writeFile(join(cwd, name), typeof value === 'string' ? value : JSON.stringify(value));
    }
    const path = join(cwd, 'a.json');
    const store = {
      latest: async () => ({ path }),
      list: async () => ({ runs: [], skipped: [] }),
      locate: async (ref: string) => (A.run_id.startsWith(ref) ? path : join(cwd, 'no-such-run')),
    };
    const load = {
      artifact: () => import('@tracecore/artifact/node'),
      store: async () => ({ openStore: () => store, hasIndex: async () => false }),
    } as unknown as Loaders;
    return runCli(['diff', ...argv.split(' ').filter(Boolean)], { io: { cwd, ...io }, deps: { load } });
  });
}

describe('the exit code tells the status', () => {
  test.each([
    ['a.json a.json', 0],
    ['a.json b.json', 1],
    ['a.json other.json', 2],
    ['a.json a.json b.json', 1],
    ['a.json b.json other.json', 2],
  ])('%s: %i', async (argv, code) => {
    expect((await diff(argv)).code).toBe(code);
  });

  test('stderr says which is incompatible, and with what', async () => {
    const { stderr } = await diff('a.json b.json other.json --json');
    expect(stderr).toBe('tracecore: incompatible: other.json is a run of demo@2, expected demo@1 as in a.json\n');
    expect((await diff('a.json b.json')).stderr).toBe('');
  });
});

test('a run is named by its id, the beginning of it, latest, or a file', async () => {
  for (const ref of [A.run_id, A.run_id.slice(0, 6), 'latest', './a.json']) {
    const { code, stdout } = await diff(`${ref} b.json --format text`);
    expect([code, stdout.split('\n')[0]]).toEqual([1, 'A: a.json']);
  }
});

describe('wrong use is one sentence on stderr and exit 2', () => {
  test.each([
    ['a.json', 'diff takes two or more runs or files, got 1; each is an id, latest, a file or a bundle'],
    ['', 'diff takes two or more runs or files, got 0; each is an id, latest, a file or a bundle'],
    ['a.json b.json --format yaml', '--format must be pretty, text or json, got "yaml"'],
    ['a.json b.json --json --format text', '--json and --format text exclude each other; give one'],
  ])('diff %s', async (argv, message) => {
    expect(await diff(argv)).toEqual({ code: 2, stdout: '', stderr: `tracecore: ${message}\n` });
  });

  test.each([
    ['a.json absent.json', /absent\.json/],
    ['a.json torn.json', /torn\.json: .*found the end of the text/],
    ['a.json foreign.json', /foreign\.json: .*not a valid artifact/],
    ['a.json future.json', /future\.json: .*tracecore-spec-v9\.0/],
  ])('diff %s names the file', async (argv, message) => {
    const future = { ...A, spec_version: 'tracecore-spec-v9.0' };
    const files = { 'torn.json': '{"seed": ', 'foreign.json': '{"name": "x"}', 'future.json': future };
    const { code, stdout, stderr } = await diff(argv, files);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/^tracecore: [^\n]*\n$/);
  });
});

describe('text', () => {
  test('has one line for each difference, the first divergence first', async () => {
    const { stdout } = await diff('a.json b.json --format text');
    expect(stdout).toBe(
      [
        'A: a.json',
        'B: b.json',
        'status: different',
        'first divergence: step 1, result: /action_trace/0/result/content "hello" -> "goodbye"',
        'step 1: result: /action_trace/0/result/content "hello" -> "goodbye"',
        '',
      ].join('\n'),
    );
  });

  test('tells outcome, drift, audit, validator and the rest', async () => {
    const worse = {
      ...FAILED,
      steps_used: 3,
      validator: { ok: false },
      harness_version: '1.0.0',
      action_trace: [
        {
          ...stepOf(A),
          io_audit: [{ type: 'net', host: 'x' }],
          budget_delta: { steps: 2, tool_calls: 1 },
        },
        { ...stepOf(A), step: 2 },
      ],
    };
    const { stdout } = await diff('a.json worse.json --format text', { 'worse.json': worse });
    const lines = stdout.split('\n');
    for (const line of [
      'first divergence: step 1, io_audit: /action_trace/0/io_audit/0/host (nothing) -> "x"',
      'summary: success: /success true -> false',
      'budget drift: used: steps +2, tool calls 0',
      'budget drift: step 1: consumed steps +1, tool calls 0; remaining steps 0, tool calls 0',
      'taxonomy: regressed: success -> steps_exhausted (budget_exhausted)',
      'validator: /validator/ok true -> false',
      'other: /harness_version "9.9.9" -> "1.0.0"',
      'step 1: io_audit removed: /action_trace/0/io_audit/0 {"type":"fs","op":"read","path":"/app/a.txt"} -> (nothing)',
      'step 1: io_audit added: /action_trace/0/io_audit/0 (nothing) -> {"type":"net","host":"x"}',
      'step 1: budget: /action_trace/0/budget_delta/steps 1 -> 2',
      'step 2: only in the other',
    ]) {
      expect(lines).toContain(line);
    }
  });

  test('an audit in another order says so', async () => {
    const two = [{ type: 'fs' }, { type: 'net' }];
    const files = {
      'one.json': changed((copy) => Object.assign(stepOf(copy), { io_audit: two })),
      'two.json': changed((copy) => Object.assign(stepOf(copy), { io_audit: two.toReversed() })),
    };
    const { stdout } = await diff('one.json two.json --format text', files);
    expect(stdout).toContain('\nstep 1: io_audit reordered: /action_trace/0/io_audit\n');
  });
});

describe('many steps that differ', () => {
  const files = { 'long-a.json': withSteps(A, 9), 'long-b.json': withSteps(B, 9) };

  test.each(['text', 'pretty'])('as %s: the first five, and how many more there are', async (format) => {
    const { stdout } = await diff(`long-a.json long-b.json --format ${format}`, files);
    expect(stdout).toMatch(/4 more (steps )?differ; --steps shows them\n/);
    expect(stdout).toContain('step 5');
    expect(stdout).not.toContain('step 6');
  });

  test.each(['text', 'pretty'])('as %s with --steps: all of them', async (format) => {
    const { stdout } = await diff(`long-a.json long-b.json --steps --format ${format}`, files);
    expect(stdout).not.toContain('more');
    expect(stdout).toContain('step 9');
  });

  test('changes within a step are cut alike', async () => {
    const result = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`key_${index}`, index]));
    const wide = changed((copy) => Object.assign(stepOf(copy).result, result));
    const { stdout } = await diff('a.json wide.json', { 'wide.json': wide });
    expect(stdout).toContain('\n    12 more changes; --steps shows them\n');
    expect((await diff('a.json wide.json --steps', { 'wide.json': wide })).stdout).toContain('result/key_19');
  });
});

describe('json', () => {
  test('names the files and carries each diff whole, the same for two and for more', async () => {
    const { stdout } = await diff('a.json b.json a.json --json');
    const { run_id } = A;
    const first = { step: 1, where: 'result', pointer: '/action_trace/0/result/content', a: 'hello', b: 'goodbye' };
    expect(JSON.parse(stdout)).toMatchObject({
      diff_version: 1,
      status: 'different',
      baseline: { file: 'a.json', run_id },
      compared: [
        { file: 'b.json', run_id, diff: { diff_version: 1, status: 'different', first_divergence: first } },
        { file: 'a.json', run_id, diff: { diff_version: 1, status: 'identical', first_divergence: null, steps: [] } },
      ],
    });
  });

  test('--format json is the same', async () => {
    expect((await diff('a.json b.json --format json')).stdout).toBe((await diff('a.json b.json --json')).stdout);
  });
});

describe('pretty', () => {
  test('has the first divergence on top and the values side by side', async () => {
    const { stdout } = await diff('a.json failed.json');
    expect(stdout).toBe(
      [
        'A  a.json',
        'B  failed.json',
        '',
        'different: first divergence at end',
        '  /success  true  false',
        '',
        'summary',
        '  success             true       false',
        '  termination_reason  "success"  "steps_exhausted"',
        '  failure_type        null       "budget_exhausted"',
        '',
        'outcome',
        '  regressed: success -> steps_exhausted (budget_exhausted)',
        '',
      ].join('\n'),
    );
  });

  test('identical and incompatible are said in one line', async () => {
    expect((await diff('a.json a.json')).stdout).toContain('\nidentical: every field that the hash covers is equal\n');
    expect((await diff('a.json other.json')).stdout).toContain('\nincompatible: another task, demo@2 against demo@1\n');
  });

  test('several files have a table on top and a letter each', async () => {
    const { stdout } = await diff('a.json b.json failed.json');
    expect(stdout.split('\n').slice(0, 4)).toEqual([
      '   file         status     first divergence  outcome          steps',
      'A  a.json       baseline                     success          1',
      'B  b.json       different  step 1, result    success          1',
      'C  failed.json  different  end               steps_exhausted  1',
    ]);
    expect(stdout).toContain('\nA  a.json\nC  failed.json\n');
  });

  test('stays within the width of the terminal, with the place where values part in sight', async () => {
    const long = 'x'.repeat(400);
    const [left, right] = ['left', 'right'].map((word) =>
      changed((copy) => Object.assign(stepOf(copy).result, { content: long + word })),
    );
    const files = { 'left.json': left, 'right.json': right };
    const { stdout } = await diff('left.json right.json', files, { env: { COLUMNS: '80' } });
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(stdout).toMatch(/xleft" +…x+right"/);
  });

  test('is coloured on a terminal alone, and colour changes no letter', async () => {
    const plain = await diff('a.json b.json');
    const colored = await diff('a.json b.json', {}, { isTTY: true });
    expect(plain.stdout).not.toContain('\u001b');
    expect(colored.stdout).toContain('\u001b[31m"hello"');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters.
    expect(colored.stdout.replaceAll(/\u001b\[\d+m/g, '')).toBe(plain.stdout);
    expect((await diff('a.json b.json --format text', {}, { isTTY: true })).stdout).not.toContain('\u001b');
  });

  test.each(['pretty', 'text'])('%s lets no control character of a file through', async (format) => {
    const evil = changed((copy) => Object.assign(copy, { '\u001b[2J': '\u009b31m', agent_ref: '\u202eevil' }));
    const { stdout } = await diff(`a.json evil.json --format ${format}`, { 'evil.json': evil });
    for (const character of ['\u001b', '\u009b', '\u202e']) expect(stdout).not.toContain(character);
    expect(stdout).toContain('\\u001b[2J');
  });
});
