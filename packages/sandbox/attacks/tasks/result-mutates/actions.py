_env = None


def set_env(env):
    global _env
    _env = env


_given = []


def look(path):
    for result in _given:
        result.update(content="changed after return", entries=["changed after return"])
    _given.append({"ok": True, "content": "as it was", "entries": []})
    return _given[-1]


def answer(value):
    _env.set_agent_output("answer", value)
    return {"ok": True}
