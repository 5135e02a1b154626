from random import Random


def setup(seed, env):
    """The secret is in the hidden state alone: whoever shows it has broken in."""
    answer = str(Random(seed).randint(100, 999))
    env.set_hidden_state("answer", answer)
    env.set_hidden_state("secret", "__HIDDEN__")
    env.write_file("/app/clue.txt", answer)
    env.mark_seen(["/app/clue.txt"])
