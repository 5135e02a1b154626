await new Promise(() => undefined);

export default { act: () => null };
