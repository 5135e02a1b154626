let reads = 0;

// Whoever reads `type` twice is told two different things.
export default {
  act: () => ({
    get type() {
      reads += 1;
      return reads % 2 === 1 ? 'note' : 'success';
    },
    get args() {
      return { text: `read ${reads} times` };
    },
  }),
};
