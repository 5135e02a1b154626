// Reads the clue, then gives it as the answer.
export default {
  act({ last_action_result: seen }) {
    if (seen?.content === undefined) return { type: 'look', args: { path: '/app/clue.txt' } };
    return { type: 'answer', args: { value: seen.content } };
  },
};
