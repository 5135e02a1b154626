import type { Token } from './tokens.js';

/** Words of the language that stand for themselves; a name stands for whatever it names. */
const WORDS = new Set(
  `async await break case catch class const continue debugger default delete do else export extends false finally for
  from function get if import in instanceof let new null of return set static super switch this throw true try typeof
  undefined var void while with yield`.split(/\s+/),
);
/** What stands before a brace that opens an object or a pattern; before any other it opens a block. */
const BEFORE_OBJECT = new Set([
  ...'([,=:?&|+-!~<>*/%^',
  ...['??', '...', 'return', 'const', 'let', 'var', 'typeof', 'in', 'of', 'default', 'yield', 'await', 'throw', 'void'],
]);

/** An open bracket: whether it holds an object, and how many conditions in it wait for their colon. */
interface Bracket {
  isObject: boolean;
  waiting: number;
}

/**
 * Code as one text in which every name is the number of its first use, so that renaming changes nothing. What is read
 * from an object, and the keys of one that is written, are no names.
 */
export function withoutNames(tokens: readonly Token[]): string {
  const numbers = new Map<string, number>();
  const numberOf = (name: string) => {
    const number = numbers.get(name) ?? numbers.size;
    numbers.set(name, number);
    return `$${number}`;
  };
  const brackets: Bracket[] = [{ isObject: false, waiting: 0 }];
  const bareName = (text: string, at: number): string => {
    const [before, after] = [tokens[at - 1], tokens[at + 1]];
    const { isObject, waiting } = brackets.at(-1) as Bracket;
    if (WORDS.has(text) || isMark(before, '.') || isMark(before, '?.')) return text;
    if (isMark(after, ':') && waiting === 0 && before?.text !== 'case') return text;
    const isShort = isObject && (isMark(before, '{') || isMark(before, ',')) && isOneOf(after, ',}=');
    return isShort ? `${text}:${numberOf(text)}` : numberOf(text);
  };
  let bare = '';
  for (const [at, { kind, text }] of tokens.entries()) {
    const before = tokens[at - 1];
    if (isWord(before) && (kind === 'name' || kind === 'number')) bare += ' ';
    bare += kind === 'name' ? bareName(text, at) : text;
    if (kind !== 'mark') continue;
    const bracket = brackets.at(-1) as Bracket;
    if ('([{'.includes(text)) brackets.push({ isObject: text === '{' && opensObject(before), waiting: 0 });
    else if (')]}'.includes(text) && brackets.length > 1) brackets.pop();
    else if (text === '?') bracket.waiting += 1;
    else if (text === ':') bracket.waiting = Math.max(0, bracket.waiting - 1);
  }
  return bare;
}

const isMark = (token: Token | undefined, text: string) => token?.kind === 'mark' && token.text === text;
const isOneOf = (token: Token | undefined, marks: string) => token?.kind === 'mark' && marks.includes(token.text);
const isWord = (token: Token | undefined) => token?.kind === 'name' || token?.kind === 'number';
const opensObject = (before: Token | undefined) =>
  (before?.kind === 'mark' || before?.kind === 'name') && BEFORE_OBJECT.has(before.text);
