// The arguments themselves carry `__proto__`: as an own key, which the action's schema does not know.
export default { act: () => JSON.parse('{"type":"note","args":{"__proto__":{"text":"inherited"}}}') };
