for (;;);

export default { act: () => null };
