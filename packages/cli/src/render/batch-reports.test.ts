import { failureOf, type JobResult, summarizeBatch } from '@tracecore/runner';
import type { AttemptLine, BatchJob } from '@tracecore/spec';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BatchView, Failure } from '../batch/report.js';
import { renderBatch } from './batch.js';
import { renderJunit } from './batch-junit.js';
import { renderBatchMarkdown } from './batch-markdown.js';

/** A batch of one job in each state, whose texts are `text`. */
function viewOf(text: string): { view: BatchView; failures: Failure[] } {
  const job = (seed: number) => ({ id: String(seed), agent: text, task_ref: text, seed, budgets: {} }) as BatchJob;
  const played = { outcome: 'artifact', run_id: 'r1', wall_clock_s: 0.5, strict: [], success: true } as unknown;
  const failed = { ...(played as AttemptLine), success: false, failure_type: 'timeout', failure_reason: text };
  const broken = { outcome: 'infrastructure', code: 'WORKER_FAILED', message: text, final: true };
  const results = [
    { job: job(0), state: 'passed', attempts: 1, line: played },
    { job: job(1), state: 'failed', attempts: 1, line: failed },
    { job: job(2), state: 'infrastructure', attempts: 3, line: broken },
    { job: job(3), state: 'pending', attempts: 0, line: null },
  ] as JobResult[];
  const named = { job: '1', agent: text, task_ref: text, seed: 1, attempts: 1, message: text, run_id: 'r1' };
  const failures: Failure[] = [{ ...named, state: 'failed', failure: 'timeout' }];
  const stopped = { reason: 'interrupted', message: text };
  return { view: { name: text, results, summary: summarizeBatch(results, 2), stopped }, failures };
}

/** Strings full of what means something somewhere. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom(...'<>&"\'|`*_[]()#\\\n\r\t\0\u001b\ud800\u202e]]>') }),
);

/** A reader of XML that knows no more than tags, attributes and text; throws where a parser would. */
function tagsOf(xml: string): string[] {
  const tags: string[] = [];
  const open: string[] = [];
  const rest = xml
    .replace(/^<\?xml [^?]*\?>/, '')
    .replaceAll(/<(\/?)(\w+)((?: \w+="[^"<]*")*)(\/?)>/g, (_, end, name, __, closed) => {
      if (end) expect(open.pop()).toBe(name);
      else if (!closed) open.push(name);
      if (!end) tags.push(name);
      return '';
    });
  expect(open).toEqual([]);
  expect(rest).not.toMatch(/[<>]/);
  expect(xml).not.toMatch(/&(?!(?:amp|lt|gt|quot|#\d+);)/);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML cannot hold.
  expect(xml).not.toMatch(/[\0-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/u);
  return tags;
}

describe('JUnit', () => {
  test('has a case for each job, and holds whatever artifacts say', () => {
    const expected = [
      'testsuites',
      'testsuite',
      'testcase',
      'testcase',
      'failure',
      'testcase',
      'error',
      'testcase',
      'skipped',
    ];
    fc.assert(
      fc.property(hostile, (text) => {
        expect(tagsOf(renderJunit(viewOf(text).view, failureOf))).toEqual(expected);
      }),
    );
  });

  test('tells an agent that failed from machinery that did', () => {
    const xml = renderJunit(viewOf('a <b>').view, failureOf);
    expect(xml).toContain('tests="4" failures="1" errors="1" skipped="1" time="2"');
    expect(xml).toContain('<failure type="timeout" message="a &lt;b&gt;">run r1</failure>');
    expect(xml).toContain('<error type="WORKER_FAILED" message="a &lt;b&gt;"/>');
  });
});

describe('Markdown', () => {
  test('keeps its tables whatever artifacts say', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const { view, failures } = viewOf(text);
        const lines = renderBatchMarkdown(view, failures).split('\n');
        const rows = lines.filter((line) => line.startsWith('|'));
        expect(rows).toHaveLength(6);
        for (const row of rows) expect(row.split('|')).toHaveLength(8);
        expect(lines.join('\n')).not.toMatch(/[<>\u202e]|\p{Cs}/u);
      }),
    );
  });

  test('says the score first', () => {
    const { view, failures } = viewOf('x');
    expect(renderBatchMarkdown(view, failures)).toContain(
      '**1 of 4 passed**, 1 failed, 1 infrastructure, 1 not played',
    );
  });
});

test('a terminal gets no control character from an artifact', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const { view, failures } = viewOf(text);
      expect(renderBatch(view, failures).replaceAll('\n', '')).not.toMatch(/\p{Cc}|\u202e/u);
    }),
  );
});
