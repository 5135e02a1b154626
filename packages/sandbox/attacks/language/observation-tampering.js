import { note } from './report.js';

export default {
  observe(seen) {
    seen.budget_remaining.steps = 99;
    seen.visible_state.files_seen.push('/app/secret');
    Object.defineProperty(seen, 'last_action_result', { get: () => ({ ok: true, success: true }) });
    Object.setPrototypeOf(seen, new Proxy({}, { get: () => 'tampered' }));
  },
  act: (seen) => note([seen.budget_remaining.steps, seen.step]),
};
