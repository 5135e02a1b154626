const wide = Object.fromEntries(Array.from({ length: 200_000 }, (_, i) => [`key ${i}`, i]));

export default { act: () => ({ type: 'note', args: wide }) };
