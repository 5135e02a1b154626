/** A piece of printed JavaScript: what it is and its text. White space and comments are none. */
export interface Token {
  kind: 'name' | 'text' | 'number' | 'regex' | 'mark';
  text: string;
}

const NUMBER = /(?:\d|\.\d)[\w.]*/y;
const NAME = /[\p{ID_Start}$_#][\p{ID_Continue}$\u200c\u200d]*/uy;
const REGEX = /\/(?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\[])+\/\w*/y;
const SPACE = /\s+/y;
/** Marks whose parts would mean something else on their own. */
const MARK = /=>|\?\?|\?\.(?!\d)|\.\.\.|./suy;
/** Words after which a slash begins a regular expression. */
const BEFORE_REGEX = new Set(['return', 'typeof', 'case', 'in', 'of', 'delete', 'void', 'throw', 'new', 'else', 'do']);

const KINDS: readonly [Token['kind'], RegExp][] = [
  ['number', NUMBER],
  ['name', NAME],
];

/** Cuts code that esbuild printed into tokens. Code it did not print may be cut wrongly, but never fails. */
export function tokensOf(code: string): Token[] {
  const tokens: Token[] = [];
  /** For each open brace, whether it leads back into a template. */
  const braces: boolean[] = [];
  let at = 0;
  const take = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    const [text] = pattern.exec(code) ?? [];
    if (text === undefined || text === '') return null;
    at += text.length;
    return text;
  };
  const add = (kind: Token['kind'], text: string): void => void tokens.push({ kind, text });
  /** Adds a text that begins at `start` and goes on from here; a part of a template may end where code begins. */
  const addText = (start: number, quote: string) => {
    at = endOfText(code, at, quote);
    const text = code.slice(start, at);
    if (quote !== '`' || !text.endsWith('${')) return add('text', text);
    add('text', text.slice(0, -1));
    add('mark', '{');
    braces.push(true);
  };

  while (at < code.length) {
    if (take(SPACE) !== null) continue;
    const isRegex = code[at] === '/' && startsRegex(tokens.at(-1));
    const [kind, text] = firstOf(take, isRegex ? [...KINDS, ['regex', REGEX]] : KINDS);
    if (kind !== null) {
      add(kind, text);
      continue;
    }
    const mark = take(MARK) as string;
    if (`'"\``.includes(mark)) {
      addText(at - 1, mark);
      continue;
    }
    add('mark', mark);
    if (mark === '{') braces.push(false);
    if (mark === '}' && braces.pop() === true) addText(at, '`');
  }
  return tokens;
}

/** After the closing quote of a text, or after the `${` in it. A loop, since a pattern fails on texts of many megabytes. */
function endOfText(code: string, from: number, quote: string): number {
  for (let at = from; at < code.length; at++) {
    if (code[at] === '\\') at++;
    else if (code[at] === quote) return at + 1;
    else if (quote === '`' && code.startsWith('${', at)) return at + 2;
  }
  return code.length;
}

type Take = (pattern: RegExp) => string | null;

function firstOf(take: Take, kinds: typeof KINDS): [Token['kind'], string] | [null, ''] {
  for (const [kind, pattern] of kinds) {
    const text = take(pattern);
    if (text !== null) return [kind, text];
  }
  return [null, ''];
}

function startsRegex(before: Token | undefined): boolean {
  if (before === undefined) return true;
  if (before.kind === 'name') return BEFORE_REGEX.has(before.text);
  return before.kind === 'mark' && ![')', ']', '}'].includes(before.text);
}
