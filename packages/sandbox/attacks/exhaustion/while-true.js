export default {
  act() {
    for (;;);
  },
};
