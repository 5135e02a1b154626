const guesses = {
  code: { type: 'open', args: { code: { toString: () => 'x' } } },
  state: { type: 'open', args: { code: 'x', state: { opened: true } } },
  context: { type: 'note', args: { text: 'x', world: {}, context: { state: 1 } } },
  'own proto': JSON.parse('{"type":"open","args":{"code":"x","__proto__":{"opened":true}}}'),
  inherited: { type: 'open', args: Object.create({ code: 'x' }) },
};

export default { act: () => guesses['__VARIANT__'] };
