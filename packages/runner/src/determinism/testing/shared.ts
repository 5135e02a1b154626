// What the probes of both hosts for TypeScript note alike.

/** Waits for nothing but promises, and notes the order in which they go on. */
export async function order(): Promise<string[]> {
  const seen: string[] = [];
  const note = (name: string) => () => void seen.push(name);
  const after = (async () => {
    await null;
    seen.push('await');
    await null;
    seen.push('await again');
  })();
  Promise.resolve().then(note('then')).then(note('then again'));
  // biome-ignore lint/suspicious/noThenProperty: a thenable is what is looked at.
  const thenable = { then: (done: () => void) => done() };
  await Promise.all([after, Promise.resolve(thenable).then(note('thenable')), Promise.reject(1).catch(note('catch'))]);
  seen.push('end');
  return seen;
}

/** Dates in all their forms, those of the present included. */
export function dates(): unknown[] {
  class Later extends Date {
    later = 1;
  }
  const now = new Date();
  const local = new Date(2001, 5, 7, 8, 9, 10, 11);
  return [
    [Date.now(), Date(), `${now}`, +now, now.toISOString(), JSON.stringify(now), now.getTimezoneOffset()],
    [
      local.toString(),
      local.toDateString(),
      local.toTimeString(),
      local.toUTCString(),
      local.getHours(),
      local.getDay(),
    ],
    [local.toLocaleString(), local.toLocaleDateString(), local.toLocaleTimeString()],
    ['2001-02-03T04:05:06', '2001-02-03', 'Sat, 03 Feb 2001 04:05:06 GMT', 'tomorrow'].map((text) => Date.parse(text)),
    [new Later(5).getTime(), new Later().getTime(), new Later() instanceof Date, Object.prototype.toString.call(now)],
    [
      new Date(now).getTime(),
      new Date(2001, 0).getTime(),
      Date.UTC(2001, 1),
      new Date(Number.NaN).getTime(),
      Date.length,
    ],
    [
      now.constructor === Date,
      Reflect.construct(Date, [7], Later) instanceof Later,
      local.setMonth(13),
      local.getFullYear(),
    ],
  ].map((row) => row.map((value) => (Number.isNaN(value) ? 'NaN' : value)));
}

/** What the language leaves to its engine, and engines agree on. */
export function language(): unknown[] {
  const keys = Object.keys({ b: 1, 10: 1, a: 1, 9: 1, [-1]: 1, 4294967295: 1 });
  const rows = Array.from({ length: 200 }, (_, at) => ({ at, key: (at * 7) % 5 }));
  const sorted = [...rows].sort((a, b) => a.key - b.key).map(({ at }) => at);
  const set = new Set([3, 1, 2]);
  set.delete(3);
  set.add(3);
  return [
    keys,
    sorted,
    [...set],
    [10, 9, 1, 'b', 'B', 'é', undefined].sort().map(String),
    [0.1 + 0.2, 1e21, -0, 5e-324].map(String),
  ];
}

/** What may or may not be there, by name. */
export function names(): string[] {
  const asked = [
    'WeakRef',
    'FinalizationRegistry',
    'SharedArrayBuffer',
    'Atomics',
    'performance',
    'crypto',
    'navigator',
    'Temporal',
  ];
  const rest = [
    'Intl',
    'setTimeout',
    'setInterval',
    'setImmediate',
    'structuredClone',
    'process',
    'gc',
    'queueMicrotask',
  ];
  return [...asked, ...rest].map((name) => `${name}: ${typeof (globalThis as Record<string, unknown>)[name]}`);
}

export function stackOf(run: () => void): string {
  try {
    run();
    return '';
  } catch (error) {
    return String((error as Error).stack);
  }
}
