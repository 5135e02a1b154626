const BUILTINS = { Object, Array, Function, String, Number, Promise, Map, Error } as const;

/** The seed of a run: `TRACECORE_FUZZ_SEED` repeats one, else the time gives a new one. */
export function fuzzSeed(): number {
  const given = process.env.TRACECORE_FUZZ_SEED;
  return (given === undefined ? Date.now() : Number(given)) | 0;
}

/** The names that every object, array, function and so on of this process inherits. */
export function inheritedNames(): Record<string, PropertyKey[]> {
  return Object.fromEntries(Object.entries(BUILTINS).map(([name, made]) => [name, Reflect.ownKeys(made.prototype)]));
}

/** What in a value is not plain data as `JSON.parse` makes it: a getter, a symbol, another prototype; null for nothing. */
export function oddPart(root: unknown): string | null {
  const left = [root];
  while (left.length > 0) {
    const value = left.pop();
    if (typeof value !== 'object' || value === null) {
      if (value === undefined || ['function', 'symbol', 'bigint'].includes(typeof value)) return `a ${typeof value}`;
      continue;
    }
    const list = Array.isArray(value);
    if (Object.getPrototypeOf(value) !== (list ? Array.prototype : Object.prototype)) return 'another prototype';
    for (const key of Reflect.ownKeys(value)) {
      if (list && key === 'length') continue;
      const property = Object.getOwnPropertyDescriptor(value, key);
      if (typeof key === 'symbol') return 'a symbol';
      if (property?.enumerable !== true || !('value' in property)) return `a hidden or computed ${JSON.stringify(key)}`;
      left.push(property.value);
    }
  }
  return null;
}

/** Whether two JSON values are the same, -0 and all, however deep they are. */
export function sameJson(first: unknown, second: unknown): boolean {
  const left: [unknown, unknown][] = [[first, second]];
  for (let pair = left.pop(); pair; pair = left.pop()) {
    const [a, b] = pair;
    if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) {
      if (!Object.is(a, b)) return false;
      continue;
    }
    const [keys, others] = [Object.keys(a), Object.keys(b)];
    if (Array.isArray(a) !== Array.isArray(b) || keys.length !== others.length) return false;
    for (const [i, key] of keys.entries()) {
      if (key !== others[i]) return false;
      left.push([(a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]]);
    }
  }
  return true;
}
