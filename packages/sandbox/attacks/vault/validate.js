export default ({ world, state }) => {
  const ok = state.opened || world.getOutput('answer') === state.answer;
  return ok ? { ok } : { ok, message: 'the vault is closed' };
};
