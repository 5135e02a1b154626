import os

_env = None


def set_env(env):
    global _env
    _env = env


# The honest agent looks three times before its steps are used up.
LOOKS = 3
_lives = 0


def look(path):
    global _lives
    _lives += 1
    os.environ["LIVES"] = str(int(os.environ.get("LIVES", 0)) + 1)
    return {"ok": True, "content": "second life" if _lives > LOOKS or int(os.environ["LIVES"]) > LOOKS else "first life"}


def answer(value):
    _env.set_agent_output("answer", value)
    return {"ok": True}
