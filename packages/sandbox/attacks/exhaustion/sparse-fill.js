export default { act: () => ({ type: 'note', args: { text: new Array(2 ** 32 - 1).fill(0).length } }) };
