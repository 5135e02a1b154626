const text = { type: 'string' };
const args = (properties) => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
});

export default {
  look: {
    description: 'Reads a file.',
    args: args({ path: text }),
    run: ({ path }, { world }) =>
      world.exists(path) ? { ok: true, content: world.readFile(path) } : { ok: false, error: 'file_not_found' },
  },
  answer: {
    description: 'Gives the answer.',
    args: args({ value: text }),
    run: ({ value }, { world }) => {
      world.setOutput('answer', value);
      return { ok: true };
    },
  },
  open: {
    description: 'Opens the vault with its secret.',
    args: args({ code: text }),
    run: ({ code }, { state }) => {
      state.opened = code === state.secret;
      return { ok: state.opened };
    },
  },
  note: { description: 'Writes something down.', args: args({ text: {} }), run: () => ({ ok: true }) },
  reach: {
    description: 'Reaches a host.',
    args: args({ host: text }),
    run: ({ host }, { world }) => {
      world.requireNetwork(host);
      return { ok: true };
    },
  },
};
