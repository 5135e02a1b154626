import { expect, test } from 'vitest';
import { protocolFault } from './fault.js';

test('what a program wrote is kept up to a length, as text that is whole', () => {
  const fault = protocolFault('act', { pointer: `/${'k'.repeat(1_997)}~1${'x'.repeat(8_000_000)}`, message: 'is NaN' });
  expect(fault.message.length).toBe(2_000);
  expect(fault.pointer).toBe(`/${'k'.repeat(1_997)}~1`);
  const cut = protocolFault('act', { pointer: `/${'k'.repeat(1_998)}~1`, message: 'is NaN' });
  expect(cut.pointer).toBe(`/${'k'.repeat(1_998)}`);
  const pair = protocolFault('act', { pointer: `/${'k'.repeat(1_998)}😀`, message: 'is NaN' });
  expect(pair.pointer?.isWellFormed()).toBe(true);
});
