const spin = () => {
  try {
    for (;;);
  } catch {
    spin();
  } finally {
    spin();
  }
};

export default { act: spin };
