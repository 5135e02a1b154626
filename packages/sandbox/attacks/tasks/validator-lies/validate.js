const verdicts = {
  'an inherited verdict': Object.create({ ok: true }),
  'a truthy verdict': { ok: 'yes' },
  'a failure named success': { ok: false, terminal: true, termination_reason: 'success', failure_type: null },
  'an ending of its own': { ok: false, terminal: true, termination_reason: 'won', failure_type: 'none' },
  'a list': [true],
};

export default () => verdicts['__VARIANT__'];
