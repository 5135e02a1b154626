import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { faultsOfExtension, faultsOfSecurityPage } from './check-isolation-docs.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const page = readFileSync(join(root, 'docs', 'security.md'), 'utf8');
const extension = readFileSync(join(root, 'spec', 'extensions', 'isolation.md'), 'utf8');

/** The text with one place changed; the place must be there. */
function changed(text: string, from: string | RegExp, to: string): string {
  const result = text.replace(from, to);
  if (result === text) throw new Error(`nothing to change: ${from}`);
  return result;
}

test('the pages of this repository say what the code holds, and lead to attacks and tests that are there', () => {
  expect(faultsOfSecurityPage()).toEqual([]);
  expect(faultsOfExtension()).toEqual([]);
});

describe('the security page is refused', () => {
  test.each<[string, string | RegExp, string, RegExp]>([
    [
      'that promises more than is held',
      '| network | open |',
      '| network | held |',
      /network: says held, process-node-permissions is open/,
    ],
    ['that lacks a thing', /^\| signals \| held .*\n/m, '', /the rows are hidden_state.*, expected/],
    ['that lacks a mechanism', /^Mechanism: `none`.*$/m, '', /no section tells of none/],
    [
      'that knows a mechanism of its own',
      '`wasm-in-bare-worker`.',
      '`wasm-in-jail`.',
      /there is no mechanism wasm-in-jail/,
    ],
    [
      'that raises a level',
      'Mechanism: `process-bare`. Level: `bare`',
      'Mechanism: `process-bare`. Level: `contained`',
      /the level of process-bare is bare/,
    ],
    [
      'that shows a cell by nothing',
      /(\| hidden state \| held \| .*?\|)[^|]+\|$/m,
      '$1 |',
      /names no attack and no test/,
    ],
    ['that leads to no file', 'src/inline/open.test.ts', 'src/inline/closed.test.ts', /there is no file/],
    [
      'that leads to no test',
      '[memory: it takes more than the limit]',
      '[memory: it takes less]',
      /has no test "memory: it takes less"/,
    ],
    ['that leads to no attack', '[machine/sockets]', '[machine/plugs]', /there is no attack machine\/plugs/],
    [
      'that shows what is held by an attack for another host',
      '[values/huge-action](../packages/sandbox/attacks/values/',
      '[machine/daemon](../packages/sandbox/attacks/machine/',
      /machine\/daemon is not played under wasm-in-bubblewrap/,
    ],
    [
      'that shows what is open by an attack that fails',
      /\| network \| open \| \| \[machine\/sockets\]\(\S+?\/machine\//,
      '| network | open | | [wire/flood-stdout](../packages/sandbox/attacks/wire/',
      /wire\/flood-stdout does not get through/,
    ],
    [
      'that shows what is open only by what is not run',
      /\[its folder is a temporary one[^,]+,/,
      '',
      /disk: nothing that is run gets through/,
    ],
    [
      'with an exception that is none',
      '| no control group for memory | memory | cooperative |',
      '| no control group for memory | memory | held |',
      /memory of no control group for memory says held, it is cooperative/,
    ],
  ])('%s', (_, from, to, fault) => {
    expect(faultsOfSecurityPage(changed(page, from, to)).join('\n')).toMatch(fault);
  });

  test('that shows what is held by an attack that gets through', () => {
    const bare = page.slice(page.indexOf('### Process, bare'));
    const lie = changed(bare, '| host files | open |', '| host files | held |');
    expect(faultsOfSecurityPage(page.replace(bare, lie)).join('\n')).toMatch(
      /read-files gets through under process-bare/,
    );
  });
});

describe('the extension is refused', () => {
  test.each([
    ['without a mechanism', /^\| `process-bare` .*\n/m, '', /mechanisms: it lists/],
    ['without a thing', /^\| `disk` .*\n/m, '', /things: it lists/],
    ['with a mechanism at another level', '| `bare` | `process-bare` |', '| `bare` | `none` |', /mechanisms of bare/],
    ['with an example that contradicts itself', '"level": "contained"', '"level": "bare"', /the example/],
  ])('%s', (_, from, to, fault) => {
    expect(faultsOfExtension(changed(extension, from, to)).join('\n')).toMatch(fault);
  });
});
