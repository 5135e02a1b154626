const values = {
  nan: () => Number.NaN,
  infinity: () => Number.NEGATIVE_INFINITY,
  bigint: () => 1n,
  symbol: () => Symbol('secret'),
  function: () => () => 'secret',
  date: () => new Date(0),
  map: () => new Map([['ok', true]]),
  surrogate: () => '\ud800',
  'surrogate key': () => ({ '\udfff': 1 }),
  'class instance': () => new (class Secret {})(),
  tojson: () => Object.create({ toJSON: () => 'clean' }, { dirty: { value: 1n, enumerable: true } }),
};

export default { act: () => ({ type: 'note', args: { text: values['__VARIANT__']() } }) };
