import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { report } from './report.js';

const own = process.cwd();

// Whoever removes this folder afterwards is led to another one.
export default report(
  () => symlinkSync('__OUTSIDE__', 'victim'),
  () => {
    rmSync(own, { recursive: true });
    symlinkSync('__OUTSIDE__', own);
  },
  () => mkdirSync(own),
);
