async function* endless() {
  for (;;) yield* [1, 2, 3];
}

export default {
  async act() {
    for await (const _ of endless());
  },
};
