export default { act: () => ({ type: 'note', args: { text: 'x' }, then: () => undefined }) };
