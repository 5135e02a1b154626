export default { act: () => process.abort() };
