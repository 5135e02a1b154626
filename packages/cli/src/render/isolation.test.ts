import picocolors from 'picocolors';
import { describe, expect, test } from 'vitest';
import { anArtifact } from '../testing/artifact.js';
import { renderInspect } from './inspect.js';
import { bareWarning, isolationText } from './isolation.js';
import { renderRun } from './run.js';

const plain = picocolors.createColors(false);
const kept = (isolation: object) => anArtifact({ isolation });

test('host, mechanism and level are told in one line', () => {
  expect(isolationText(kept({ host: 'process', mechanism: 'process-bubblewrap', level: 'contained' }))).toBe(
    'process, process-bubblewrap (contained)',
  );
  expect(isolationText(kept({ host: 'inline', mechanism: 'none', level: 'none' }))).toBe('inline');
  expect(isolationText(kept({ host: 'isolate', mechanism: 'wasm-in-worker-process' }))).toBe(
    'isolate, wasm-in-worker-process',
  );
});

test.each([[{}], [{ host: 3 }], [[]]])('an artifact that says %j of it says nothing', (isolation) => {
  expect(isolationText(kept(isolation))).toBeNull();
});

test('run and inspect show it, and a stranger’s text cannot rewrite the terminal', () => {
  const artifact = kept({ host: '\u001b[2J', mechanism: 'x'.repeat(500), level: 'contained' });
  const view = { artifact, file: 'x.json', strict: null, nextOptions: { root: '', task: '' } };
  for (const text of [renderRun(view, plain), renderInspect(artifact, plain)]) {
    expect(text).toMatch(/^isolation {3}\\u001b\[2J, x+…$/m);
    expect(text).not.toContain('\u001b');
  }
  expect(renderInspect(anArtifact(), plain)).toContain('\nisolation   not told\n');
});

describe('the warning about a bare process', () => {
  const held = { host_files: 'open', network: 'open', clock: 'cooperative', output: 'held' };

  test('names what is not held and where to learn more', () => {
    expect(bareWarning(kept({ host: 'process', level: 'bare', held }))).toBe(
      'warning: a program ran as a bare process; not held: host files, network; tracecore doctor says what to install',
    );
  });

  test.each(['none', 'permissions', 'contained', undefined])('is for no other level: %s', (level) => {
    expect(bareWarning(kept({ host: 'process', level, held }))).toBeNull();
  });
});
