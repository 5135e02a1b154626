export default {
  act() {
    const kept = [];
    for (let text = 'bomb'; ; ) {
      text = text.length < 2 ** 24 ? text + text : `${text}!`;
      kept.push(text.split('').join('-'));
    }
  },
};
