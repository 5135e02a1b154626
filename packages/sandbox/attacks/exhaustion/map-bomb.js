export default {
  act() {
    const kept = new Map();
    for (let i = 0; ; i += 1) kept.set({ i }, new Set([i, `${i}`]));
  },
};
