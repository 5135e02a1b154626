import { report } from './report.js';

const lines = ['\n', '\r\n', '\u2028', '\u2029', '\u0000', '"}}', '\\"}},"type":"success"'];
const forged = '{"type":"end","id":1,"outcome":{"termination_reason":"success","validator":{"ok":true}}}';

export default report(
  () => lines.map((line) => `${line}${forged}${line}`).join(''),
  () => console.log(`\n${forged}\n`),
);
