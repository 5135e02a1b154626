import { appendFileSync, linkSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { report } from './report.js';

export default report(
  () => writeFileSync('__MARKER__', 'here'),
  () => {
    symlinkSync('__OUTSIDE__', 'way-out');
    writeFileSync('way-out/marker-link', 'here');
  },
  () => appendFileSync('__SECRET_FILE__', 'changed'),
  () => linkSync('__SECRET_FILE__', 'hard-link'),
  () => unlinkSync('__HOME_FILE__'),
  () => writeFileSync('/dev/shm/__MARK__', 'here'),
);
