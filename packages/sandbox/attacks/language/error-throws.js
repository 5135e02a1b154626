// Reading what was thrown throws again, and again.
const hostile = new Proxy(
  {},
  {
    get() {
      throw hostile;
    },
    getPrototypeOf() {
      throw hostile;
    },
    ownKeys() {
      throw hostile;
    },
  },
);

export default {
  act() {
    throw hostile;
  },
};
