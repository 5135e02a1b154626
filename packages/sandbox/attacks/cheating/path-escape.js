export default { act: () => ({ type: 'look', args: { path: '__VARIANT__' } }) };
