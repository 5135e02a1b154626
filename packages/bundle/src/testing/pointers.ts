import type { Json, JsonObject } from '@tracecore/spec';

/** Every JSON pointer into a document but the empty one, parents before their children. */
export function pointersOf(value: Json, at = ''): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => {
    const pointer = `${at}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    return [pointer, ...pointersOf(child, pointer)];
  });
}

/** A copy of `document` with another value at the pointer, or with nothing there. */
export function changedAt<T extends Json>(document: T, pointer: string, how: 'other value' | 'removed'): T {
  const copy = structuredClone(document);
  const segments = pointer
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
  const last = segments.pop() as string;
  const parent = segments.reduce<Json>((node, segment) => (node as JsonObject)[segment] as Json, copy) as JsonObject;
  if (how === 'other value') parent[last] = another(parent[last] as Json);
  else if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else delete parent[last];
  return copy;
}

/** Near enough that a look at the type alone would not tell. */
function another(value: Json): Json {
  if (typeof value === 'string') return changedText(value);
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'boolean') return !value;
  if (value === null) return 'something';
  return Array.isArray(value) ? [...value, 'more'] : { ...value, more: 1 };
}

/** One letter or digit becomes another one, so that most patterns still match. */
function changedText(text: string): string {
  const at = text.search(/[0-9a-z]/);
  if (at < 0) return `${text}x`;
  const code = text.charCodeAt(at);
  const next = code === 0x39 ? '0' : code === 0x7a ? 'a' : String.fromCharCode(code + 1);
  return text.slice(0, at) + next + text.slice(at + 1);
}
