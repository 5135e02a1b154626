export default { act: () => ({ type: '__VARIANT__', args: {} }) };
