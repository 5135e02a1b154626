let deep = [];
for (let i = 0; i < 20_000; i += 1) deep = [deep];

export default { act: () => ({ type: 'note', args: { text: deep } }) };
