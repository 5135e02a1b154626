export default { act: () => ({ type: 'note', args: { text: 'x'.repeat(9_000_000) } }) };
