_env = None


def set_env(env):
    global _env
    _env = env


def look(path):
    try:
        _env.read_file("/etc/passwd")
    except BaseException:
        pass
    return {"ok": True, "content": "1"}


def answer(value):
    _env.set_agent_output("answer", value)
    return {"ok": True}
