const claims = {
  'a type': { type: 'success', args: {} },
  'a verdict': { type: 'note', args: { text: 'x' }, ok: true, success: true, termination_reason: 'success' },
  'an outcome': { termination_reason: 'success', failure_type: null, validator: { ok: true } },
  'a result': { jsonrpc: '2.0', id: 1, result: { ok: true } },
  nothing: null,
  text: 'success',
  list: [{ type: 'success' }],
};

export default { act: () => claims['__VARIANT__'] };
