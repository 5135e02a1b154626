import { describe, expect, test } from 'vitest';
import { findCopy } from './find-copy.js';
import { functionsIn } from './functions.js';
import { printsOf } from './prints.js';
import { tokensOf } from './tokens.js';
import { withoutNames } from './without-names.js';

/** A function long enough to tell, as a task would have it. */
const SETUP = `import type { SetupContext } from '@tracecore/kit';
import { NOISE } from './noise.js';

/** Hides a code in one of three logs. */
export default function setup({ random, world }: SetupContext): { code: string } {
  const code = \`ALERT-\${random.randint(100, 999)}\`;
  const lines = ['first line of the log', 'second line', \`CODE=\${code}\`];
  for (const line of NOISE) if (!/^#/.test(line)) lines.push(line);
  world.writeFile('/app/service.log', lines.join('\\n'));
  return { code };
}
`;
const BODY = SETUP.slice(SETUP.indexOf('{\n  const') + 1, SETUP.lastIndexOf('}'));
/** The same, as somebody may paste it who does not want it to be known again. */
const RENAMED = `const WORDS = [];
export const guess = ({ random: chance, world: w }) => {
  const kept = \`ALERT-\${chance.randint(100, 999)}\`;
  const x = ["first line of the log", "second line", \`CODE=\${kept}\`];
  for (const y of WORDS) if (!/^#/.test(y)) x.push(y);
  w.writeFile("/app/service.log", x.join("\\n")); // said once
  return { code: kept };
};
`;
const copyIn = async (path: string, text: string) =>
  findCopy(await printsOf(path, text), await printsOf('setup.ts', SETUP));

describe('a copy is found', () => {
  test.each([
    ['as the file itself', 'copy.ts', SETUP],
    ['without types and comments, in CommonJS', 'copy.cjs', `exports.x = function ({ random, world }) {${BODY}};`],
    ['laid out anew', 'copy.js', `export function f({random,world}){${BODY.replace(/\s*\n\s*/g, ' // c\n\n')}}`],
    ['with other quotes', 'copy.js', `export function f({ random, world }) {${BODY.replaceAll("'", '"')}}`],
    ['as an arrow function', 'copy.js', `export const f = ({ random, world }) => {${BODY}};`],
    ['as a method of a class', 'copy.ts', `export class A { static guess({ random, world }: any): any {${BODY}} }`],
    ['as a method of an object', 'copy.js', `export default { async act({ random, world }) {${BODY}} };`],
    [
      'deep in another function',
      'a.js',
      `export default () => { return [1].map(() => { function f({ random, world }) {${BODY}} return f; }); };`,
    ],
    ['with every name changed', 'a.js', RENAMED],
  ])('%s', async (_what, path, text) => {
    expect(await copyIn(path, text)).toMatchObject({ agent: { path }, task: { path: 'setup.ts' } });
  });

  test('with the names of both functions', async () => {
    const copy = await copyIn(
      'lib/a.js',
      `export const other = 1; function guess({ random, world }) {${BODY}} guess({});`,
    );
    expect(copy).toMatchObject({
      agent: { path: 'lib/a.js', name: 'guess' },
      task: { path: 'setup.ts', name: 'setup' },
    });
  });

  test('after a minifier went over it', async () => {
    const { transform } = await import('esbuild');
    const { code } = await transform(`${SETUP}\nexport const more = (x: number) => x + 1;`, {
      loader: 'ts',
      minify: true,
    });
    expect(await copyIn('min.js', code)).not.toBeNull();
  });

  test('of data: JSON by its value, text by its words', async () => {
    const value = { names: Array.from({ length: 20 }, (_, i) => `name-${i}`) };
    const [a, b] = [JSON.stringify(value), JSON.stringify(value, null, 2)];
    expect(findCopy(await printsOf('x.json', a), await printsOf('d.json', b))).not.toBeNull();
    const words = 'a line of text '.repeat(10);
    expect(
      findCopy(await printsOf('x.txt', words), await printsOf('d.txt', words.replaceAll(' ', '\n'))),
    ).not.toBeNull();
  });
});

describe('no copy is found', () => {
  test.each([
    ['another value', SETUP.replace('999', '998')],
    ['another text', SETUP.replace('second line', 'third line')],
    ['another step', SETUP.replace('lines.push', 'lines.unshift')],
    ['another key of the result', SETUP.replace('{ code };', '{ hint: code };')],
    ['names that stand for other things', SETUP.replace('lines.push(line)', 'lines.push(code)')],
    ['an operator', SETUP.replace('!/^#/', '/^#/')],
  ])('in code with %s', async (_what, text) => {
    expect(await copyIn('a.ts', text)).toBeNull();
  });

  test('in what is too short to tell', async () => {
    const short = 'export default (): number => 1;\nexport function add(a: number, b: number) { return a + b; }\n';
    expect(await printsOf('a.ts', short)).toEqual([]);
    expect(await printsOf('a.json', '{"n":1}')).toEqual([]);
  });

  test('in a file that is no code', async () => {
    expect(await printsOf('a.ts', 'const = {'.repeat(40))).toEqual([]);
  });
});

describe('functions are told from what looks like them', () => {
  const namesIn = (code: string) => functionsIn(tokensOf(code)).map(({ name }) => name);

  test.each([
    ['if(a){b()}for(;;){c()}while(d){e()}switch(f){case g:h()}try{i()}catch(j){k()}', []],
    ['function a(b){return c}async function d(){}function*e(){}', ['a', 'd', 'e']],
    ['var a=function(){},b={c(){},async d(){},e:()=>1,f:async g=>g,"h"(){}}', ['a', 'c', 'd', 'e', 'f', null]],
    ['class A extends b{d(){}static e=()=>{}}var f=class{}', ['A', 'd', 'e', 'f']],
    ['const a=b=>c=>d,e=(f,g)=>({h:f})', ['a', null, 'e']],
    [`\`a\${\`b\${(()=>1)()}}\`}}\`;var c=()=>1`, [null, 'c']],
    ['a?b=>c:d;x/y/z;return/[/}]{2}/.test(e)', [null]],
  ])('in %s', (code, names) => {
    expect(namesIn(code)).toEqual(names);
  });

  test('names are numbered, keys and what is read are not', () => {
    const bare = (code: string) => withoutNames(tokensOf(code));
    expect(bare('let a={b:c,d};a.b?.e?f:g')).toBe('let $0={b:$1,d:$2};$0.b?.e?$3:$4');
    expect(bare('let x={b:y,d:z};x.b?.e?p:q')).toBe(bare('let a={b:c,d};a.b?.e?f:g'));
    expect(bare('case a:b')).toBe('case $0:$1');
    expect(bare(`\`a\${b}c\${\`d\${b}\`}\``)).toBe(`\`a\${$0}c\${\`d\${$0}\`}\``);
  });
});
