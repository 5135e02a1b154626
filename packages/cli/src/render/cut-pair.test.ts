import { expect, test } from 'vitest';
import { cutPair } from './cut-pair.js';

test('short texts stay whole', () => {
  expect(cutPair('true', 'false', 5)).toEqual(['true', 'false']);
});

test('long texts are cut where nothing is lost: both show the place where they part', () => {
  const same = 'x'.repeat(100);
  const [a, b] = cutPair(`${same}left${same}`, `${same}right${same}`, 20);
  expect([a, b]).toEqual(['…xxxxxxleftxxxxxxxx…', '…xxxxxxrightxxxxxxx…']);
  expect(a).toHaveLength(20);
});

test('texts that part near their beginning are cut at the end alone', () => {
  expect(cutPair('left and so on and on', 'right and so on', 10)).toEqual(['left and …', 'right and…']);
});

test('a text that is the beginning of the other ends where the other goes on', () => {
  expect(cutPair('0123456789', '0123456789abcdef', 10)).toEqual(['…789', '…789abcdef']);
});
