/** The secret is in the hidden state alone: whoever shows it has broken in. */
export default function setup({ random, world }) {
  const answer = String(random.randint(100, 999));
  world.writeFile('/app/clue.txt', answer);
  world.markSeen(['/app/clue.txt']);
  return { answer, secret: '__HIDDEN__', opened: false };
}
