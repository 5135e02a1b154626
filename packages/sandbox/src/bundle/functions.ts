import type { Token } from './tokens.js';

/** A function or class of a program, as the tokens of its parameters and body. */
export interface CodePiece {
  name: string | null;
  tokens: readonly Token[];
}

const PAIRS: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };
const CLOSING = new Set(Object.values(PAIRS));
/** Words before a parenthesis and a block that are no method's name. */
const STATEMENTS = new Set(['if', 'for', 'while', 'switch', 'catch', 'with', 'await']);
const OPEN: Token = { kind: 'mark', text: '(' };
const CLOSE: Token = { kind: 'mark', text: ')' };
const RETURN: readonly Token[] = [
  { kind: 'mark', text: '{' },
  { kind: 'name', text: 'return' },
];
const END: Token = { kind: 'mark', text: '}' };

/**
 * Every function and class in the tokens of a program, at any depth. However a function was written (declared, arrow,
 * method), it comes as `(parameters){body}`, so that pasting it in another form does not hide it.
 */
export function functionsIn(tokens: readonly Token[]): CodePiece[] {
  const partners = pairUp(tokens);
  const isMark = (at: number, text: string) => tokens[at]?.kind === 'mark' && tokens[at]?.text === text;
  const wordAt = (at: number) => (tokens[at]?.kind === 'name' ? (tokens[at]?.text ?? null) : null);
  const pieces: CodePiece[] = [];

  function addArrow(at: number): void {
    const first = isMark(at - 1, ')') ? (partners.get(at - 1) ?? at) : at - 1;
    const given = tokens.slice(first, at);
    const parameters = isMark(first, '(') ? given : [OPEN, ...given, CLOSE];
    const isBlock = isMark(at + 1, '{');
    const end = isBlock ? (partners.get(at + 1) ?? at) : endOfExpression(at + 1);
    const body = tokens.slice(at + 1, end + 1);
    pieces.push({
      name: nameBefore(wordAt(first - 1) === 'async' ? first - 1 : first),
      tokens: [...parameters, ...(isBlock ? body : [...RETURN, ...body, END])],
    });
  }

  /** A block after parentheses: the body of a function or a method, or of a statement, which is none. */
  function addBlock(at: number): void {
    const first = partners.get(at - 1);
    const end = partners.get(at);
    if (first === undefined || end === undefined) return;
    const before = wordAt(first - 1);
    if (before !== null && STATEMENTS.has(before)) return;
    const isAnonymous = before === 'function' || isMark(first - 1, '*');
    pieces.push({
      name: isAnonymous ? nameBefore(functionWord(first)) : before,
      tokens: tokens.slice(first, end + 1),
    });
  }

  function addClass(at: number): void {
    let open = at + 1;
    while (open < tokens.length && !isMark(open, '{')) open = (partners.get(open) ?? open) + 1;
    const end = partners.get(open);
    if (end === undefined) return;
    const word = wordAt(at + 1);
    const name = word === 'extends' ? null : word;
    pieces.push({ name: name ?? nameBefore(at), tokens: tokens.slice(open, end + 1) });
  }

  /** Where `function` or `async` stands before the parameters that begin at `first`. */
  function functionWord(first: number): number {
    const at = isMark(first - 1, '*') ? first - 2 : first - 1;
    return wordAt(at - 1) === 'async' ? at - 1 : at;
  }

  /** The name that a value is given: `name = value` or `name: value`. */
  function nameBefore(at: number): string | null {
    return isMark(at - 1, '=') || isMark(at - 1, ':') ? wordAt(at - 2) : null;
  }

  function endOfExpression(from: number): number {
    let at = from;
    while (at < tokens.length) {
      const { kind, text } = tokens[at] as Token;
      if (kind === 'mark' && (text === ',' || text === ';' || CLOSING.has(text))) break;
      at = (partners.get(at) ?? at) + 1;
    }
    return at - 1;
  }

  for (const [at, { kind, text }] of tokens.entries()) {
    if (kind === 'mark' && text === '=>') addArrow(at);
    else if (kind === 'mark' && text === '{' && isMark(at - 1, ')')) addBlock(at);
    else if (kind === 'name' && text === 'class' && !isMark(at - 1, '.')) addClass(at);
  }
  return pieces;
}

/** For each opening bracket where it closes, and the other way round. */
function pairUp(tokens: readonly Token[]): Map<number, number> {
  const partners = new Map<number, number>();
  const open: number[] = [];
  for (const [at, { kind, text }] of tokens.entries()) {
    if (kind !== 'mark') continue;
    if (Object.hasOwn(PAIRS, text)) open.push(at);
    if (!CLOSING.has(text)) continue;
    const first = open.pop();
    if (first === undefined) continue;
    partners.set(first, at);
    partners.set(at, first);
  }
  return partners;
}
