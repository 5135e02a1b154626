import { extname } from 'node:path';
import type { Loader, TransformOptions } from 'esbuild';
import type { CodePrint } from '../bundle-types.js';
import { functionsIn } from './functions.js';
import { sha256Hex } from './sources.js';
import { type Token, tokensOf } from './tokens.js';
import { withoutNames } from './without-names.js';

/** Below these lengths, in characters of the bare form, two programs may well hold the same by chance. */
const SHORTEST_FUNCTION = 200;
const SHORTEST_FILE = 100;
const DIGEST_LENGTH = 32;

const LOADERS: Readonly<Record<string, Loader>> = {
  '.ts': 'ts',
  '.mts': 'ts',
  '.cts': 'ts',
  '.tsx': 'tsx',
  '.js': 'js',
  '.mjs': 'js',
  '.cjs': 'js',
  '.jsx': 'jsx',
};
/** As written but for spaces and types, and as a minifier would shorten it: each knows copies that the other misses. */
const AS_WRITTEN: TransformOptions = {
  minifyWhitespace: true,
  legalComments: 'none',
  charset: 'utf8',
  target: 'es2022',
  tsconfigRaw: '{}',
  logLevel: 'silent',
};
const SHORTENED: TransformOptions = { ...AS_WRITTEN, minify: true };

/**
 * The prints of one source: of the file, and of each of its functions and classes. Equal prints mean equal code, whatever
 * its comments, spaces, quotes, types and names. What is too short to tell gives none.
 * @param path how the prints name the file.
 */
export async function printsOf(path: string, text: string): Promise<CodePrint[]> {
  const loader = LOADERS[extname(path)];
  if (loader === undefined) return printsOfData(path, text);
  try {
    const { transform } = await import('esbuild');
    const print = async (options: TransformOptions) => tokensOf((await transform(text, { ...options, loader })).code);
    const [written, shortened] = await Promise.all([print(AS_WRITTEN), print(SHORTENED)]);
    const nameless = printsOfCode(path, shortened).map((print) => ({ ...print, name: null }));
    return distinct([...printsOfCode(path, written), ...nameless]);
  } catch {
    // What cannot be parsed cannot have been bundled as code.
    return [];
  }
}

function printsOfCode(path: string, tokens: readonly Token[]): CodePrint[] {
  const functions = functionsIn(tokens).map((piece) => ({
    name: piece.name,
    text: withoutNames(piece.tokens),
    shortest: SHORTEST_FUNCTION,
  }));
  const file = { name: null, text: withoutNames(withoutImports(tokens)), shortest: SHORTEST_FILE };
  return [file, ...functions]
    .filter(({ text, shortest }) => text.length >= shortest)
    .map(({ name, text }) => ({ path, name, digest: digestOf(text) }));
}

/** Data counts as a whole: JSON by its value, text without its spaces. */
function printsOfData(path: string, text: string): CodePrint[] {
  const value = extname(path) === '.json' ? withoutSpaces(text) : text.replace(/\s+/g, ' ').trim();
  return value.length < SHORTEST_FILE ? [] : [{ path, name: null, digest: digestOf(value) }];
}

function withoutSpaces(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json));
  } catch {
    return json;
  }
}

/** A copy imports from other places than its original. */
function withoutImports(tokens: readonly Token[]): Token[] {
  const kept: Token[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const { kind, text } = tokens[at] as Token;
    const isStatement = kind === 'name' && text === 'import' && !['(', '.'].includes(tokens[at + 1]?.text ?? '');
    if (!isStatement) kept.push(tokens[at] as Token);
    else while (at < tokens.length && tokens[at]?.text !== ';') at++;
  }
  return kept;
}

function distinct(prints: readonly CodePrint[]): CodePrint[] {
  const found = new Map<string, CodePrint>();
  // The first of equals is the one that has a name.
  for (const print of prints) if (!found.has(print.digest)) found.set(print.digest, print);
  return [...found.values()];
}

const digestOf = (text: string) => sha256Hex(text).slice(0, DIGEST_LENGTH);
