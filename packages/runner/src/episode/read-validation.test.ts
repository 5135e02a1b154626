import { describe, expect, test } from 'vitest';
import { findValidationFault } from './read-validation.js';

describe('findValidationFault', () => {
  test.each([
    [{ ok: true }],
    [{ ok: false, terminal: 'yes', message: 7, error: [1], extra: { a: 1 } }],
    [
      {
        ok: true,
        success: false,
        failure_reason: null,
        failure_type: 'x',
        termination_reason: '',
        metrics: {},
        payload: null,
      },
    ],
  ])('takes %j', (value) => {
    expect(findValidationFault(value)).toBeNull();
  });

  test.each([
    ['fine', /object with ok/],
    [null, /object with ok/],
    [[{ ok: true }], /object with ok/],
    [{ ok: 1 }, /object with ok/],
    [{ ok: true, success: 'yes' }, /success/],
    [{ ok: false, failure_reason: { deep: 1 } }, /failure_reason to be a text/],
    [{ ok: false, failure_type: 7 }, /failure_type/],
    [{ ok: false, termination_reason: [] }, /termination_reason/],
    [{ ok: true, metrics: [] }, /metrics to be an object/],
    [{ ok: true, payload: 'x' }, /payload/],
  ])('refuses %j', (value, reason) => {
    expect(findValidationFault(value)).toMatch(reason);
  });
});
