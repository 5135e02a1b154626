import { report } from './report.js';

const DEEP = 100_000;
const around = (open, middle, close) => open.repeat(DEEP) + middle + close.repeat(DEEP);

export default report(
  () => Function(`return ${around('(', '1', ')')}`)(),
  () => Function(`return ${around('[', '', ']')}`)().length,
  () => Function(around('{', '', '}'))(),
  () => Function(`return ${'!'.repeat(DEEP)}1`)(),
  () => new RegExp(around('(', 'a', ')')).test('a'),
);
