import { NO_MACHINE } from '@tracecore/sandbox/confine';
import picocolors from 'picocolors';
import { expect, test } from 'vitest';
import { examine } from '../doctor/examine.js';
import { SIMPLE_FACTS } from '../testing/fake-facts.js';
import { aSystem } from '../testing/fake-system.js';
import { renderDoctor } from './doctor.js';

const plain = picocolors.createColors(false);
const colored = picocolors.createColors(true);

const report = await examine({
  machine: { ...NO_MACHINE, bubblewrapMissing: 'bubblewrap is not installed', nodePermissions: '--permission' },
  system: aSystem({ files: { '/etc/os-release': 'PRETTY_NAME="Evil \u001b[31m"\nID=alpine\n' } }),
  isolation: { minimum: 'permissions', read: [] },
  facts: SIMPLE_FACTS,
  findPython: async () => ({ program: '/usr/bin/python3', version: '3.11.2' }),
  isThere: async () => true,
});

test('every check is a line, and what to do about it stands below', () => {
  const text = renderDoctor(report, plain);
  expect(text).toContain('\n  node              v20.19.0\n');
  expect(text).toContain('\n  bubblewrap        not installed\n                    to do: sudo apk add bubblewrap\n');
});

test('the table has a column for each kind of program, aligned', () => {
  const lines = renderDoctor(report, plain).split('\n');
  const at = lines.indexOf('what holds here');
  expect(lines.slice(at + 1, at + 6)).toEqual([
    '                    isolate (bundled)         process (Node)            process (Python, cmd:)  inline (debugging)',
    '  mechanism         wasm-in-node-permissions  process-node-permissions  process-bare            none',
    '  level             contained                 permissions               bare                    none',
    '  hidden state      held                      cooperative               open                    open',
    '  host files        held                      cooperative               open                    open',
  ]);
});

test('colour changes no letter and no column', () => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters.
  const bare = renderDoctor(report, colored).replaceAll(/\u001b\[\d+m/g, '');
  expect(bare).toBe(renderDoctor(report, plain));
  expect(renderDoctor(report, colored)).toContain(colored.green('held'));
});

test('what the machine says of itself cannot reach the terminal as a control sequence', () => {
  expect(renderDoctor(report, plain)).not.toContain('\u001b');
});
