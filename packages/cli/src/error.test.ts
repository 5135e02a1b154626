import { ArtifactError } from '@tracecore/artifact';
import { BundleError } from '@tracecore/bundle';
import { SpecError } from '@tracecore/spec';
import { TasksError } from '@tracecore/tasks';
import { describe, expect, test } from 'vitest';
import { CliError, describeError, exitCodeOf } from './error.js';

describe('exitCodeOf', () => {
  test.each<[string, unknown, number]>([
    ['a usage error', new CliError('USAGE', 'x'), 2],
    ['a failed check', new CliError('CHECK_FAILED', 'x'), 1],
    ['Ctrl-C', new CliError('INTERRUPTED', 'x'), 130],
    ['a task that is not there', new TasksError('TASK_NOT_FOUND', 'x'), 2],
    ['a budget over the manifest', new SpecError('BUDGET_ABOVE_MANIFEST', 'x'), 2],
    ['a disk that cannot be written', new ArtifactError('FILE_UNWRITABLE', 'x'), 1],
    ['a bundle that cannot be written', new BundleError('BUNDLE_UNWRITABLE', 'x'), 1],
    ['a bundle that does not hold', new BundleError('BUNDLE_DAMAGED', 'x'), 1],
    ['a key that others can read', new BundleError('KEY_READABLE_BY_OTHERS', 'x'), 2],
    ['a fault of our own', new TypeError('x'), 1],
    ['an error of Node', Object.assign(new Error('x'), { code: 'EACCES' }), 1],
    ['something thrown', 'x', 1],
  ])('%s', (_, error, code) => {
    expect(exitCodeOf(error)).toBe(code);
  });
});

describe('describeError', () => {
  test('is one line, whatever the message', () => {
    expect(describeError(new CliError('USAGE', 'first\n  second\n'), false)).toBe('first; second');
  });

  test('says when the fault is our own, and shows the stack on request', () => {
    expect(describeError(new TypeError('x'), false)).toBe(
      'unexpected fault of tracecore itself: x (--debug shows where)',
    );
    expect(describeError(new TypeError('x'), true)).toMatch(
      /^unexpected fault of tracecore itself: x\nTypeError: x\n {4}at /,
    );
  });
});
