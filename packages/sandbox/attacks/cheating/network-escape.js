export default { act: () => ({ type: 'reach', args: { host: '__VARIANT__' } }) };
