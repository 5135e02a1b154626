export default { act: () => ({ toJSON: () => ({ type: 'note', args: { text: 'made by toJSON' } }) }) };
