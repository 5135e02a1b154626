const action = { type: 'note', args: { text: [] } };
action.args.text.push(action);

export default { act: () => action };
