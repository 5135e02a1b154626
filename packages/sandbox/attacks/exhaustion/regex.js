export default { act: () => ({ type: 'note', args: { text: /^(([a-z])+.)+[A-Z]([a-z])+$/.test('a'.repeat(60)) } }) };
