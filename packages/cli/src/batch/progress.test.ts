import type { AttemptLine, BatchJob } from '@tracecore/spec';
import { expect, test } from 'vitest';
import { createProgress } from './progress.js';

const JOB = { agent: 'agents/a.ts', task_ref: 't@1', seed: 4 } as BatchJob;
const PLAYED = { outcome: 'artifact' } as AttemptLine;

/** Plays `jobs` jobs of which `failed` fail first, one a second. */
function shown(jobs: number, failed: number, stderrColumns?: number): string {
  let [text, time] = ['', 0];
  const stderr = (piece: string) => {
    text += piece;
  };
  const io = stderrColumns === undefined ? { stderr } : { stderr, stderrColumns };
  const progress = createProgress(io, () => time);
  progress.start(Array.from({ length: jobs }, () => ({ job: JOB, state: 'pending', attempts: 0, line: null })));
  for (let played = 0; played < jobs; played += 1) {
    time += 1_000;
    progress.attempt(PLAYED, JOB, played < failed ? 'timeout' : null);
  }
  progress.end();
  return text;
}

test('without a terminal there is a line for each tenth, and no control character', () => {
  const lines = shown(1_000, 0).split('\n').slice(0, -1);
  expect(lines.length).toBeGreaterThanOrEqual(10);
  expect(lines.length).toBeLessThanOrEqual(50);
  expect(lines.at(-1)).toBe('tracecore: 1000/1000  1.0/s, 0 s left  0 failed');
  expect(lines.join('')).not.toMatch(/\p{Cc}/u);
});

test('failures are told as they come, the first twenty', () => {
  const lines = shown(50, 30).split('\n');
  const told = lines.filter((line) => line.startsWith('timeout'));
  expect(told).toEqual(Array(20).fill('timeout  agents/a.ts on t@1, seed 4'));
  expect(lines.filter((line) => line.includes('further failures'))).toHaveLength(1);
});

test('on a terminal one line is redrawn, no wider than it, with failures above', () => {
  const text = shown(20, 1, 60);
  const drawn = text.split('\r\u001b[K').slice(1);
  expect(drawn.every((line) => line.replace('\n', '').length < 60)).toBe(true);
  expect(text.match(/\n/g)).toHaveLength(1);
  expect(drawn.find((line) => line.includes('\n'))).toBe('timeout  agents/a.ts on t@1, seed 4\n');
  expect(text).toContain('[########################] 20/20');
  expect(drawn.at(-1)).toBe('');
});

test('what a resume found done counts as done, and not for the rate', () => {
  let text = '';
  const stderr = (piece: string) => {
    text += piece;
  };
  const progress = createProgress({ stderr }, () => 0);
  const results = [
    { job: JOB, state: 'passed' as const, attempts: 1, line: PLAYED },
    { job: JOB, state: 'infrastructure' as const, attempts: 1, line: null },
  ];
  progress.start(results);
  progress.attempt({ outcome: 'infrastructure', final: false } as AttemptLine, JOB, 'WORKER_FAILED');
  progress.attempt({ outcome: 'infrastructure', final: true } as AttemptLine, JOB, 'WORKER_FAILED');
  expect(text.split('\n').at(-2)).toBe('tracecore: 2/2  0.0/s  0 failed, 1 infrastructure');
});
