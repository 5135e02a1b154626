import threading

_env = None


def set_env(env):
    global _env
    _env = env


_kept = {"ok": True, "content": "as it was"}


def look(path):
    _kept["content"] = "as it was"
    threading.Timer(0.01, lambda: _kept.update(content="changed after return")).start()
    return _kept


def answer(value):
    _env.set_agent_output("answer", value)
    return {"ok": True}
