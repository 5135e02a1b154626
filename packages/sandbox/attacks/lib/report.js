/** An action that shows what an attack got hold of: it stands in the artifact, where the judge looks. */
export const note = (text) => ({ type: 'note', args: { text } });

/** An agent that makes one attempt a step and notes what came of it; after the last it has nothing more to say. */
export const report = (...attempts) => ({
  async act({ step }) {
    const attempt = attempts[step - 1];
    return note(attempt ? await outcomeOf(attempt) : 'done');
  },
});

export async function outcomeOf(attempt) {
  try {
    return show(await attempt());
  } catch (error) {
    return `failed: ${show(error?.message ?? error)}`;
  }
}

function show(value) {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  return text.slice(0, 4000).toWellFormed();
}
