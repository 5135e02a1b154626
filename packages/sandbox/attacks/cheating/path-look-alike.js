const paths = ['/app/clue.txt ', '/app/clue\u200b.txt', '/app/CLUE.TXT', '/app/clue\u2024txt', '/app/\u202etxt.eulc'];

export default { act: ({ step }) => ({ type: 'look', args: { path: paths[(step - 1) % paths.length] } }) };
