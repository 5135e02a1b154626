_env = None


def set_env(env):
    global _env
    _env = env


def look(path):
    return {"ok": True, "content": _env.read_file(path)} if _env.exists(path) else {"ok": False, "error": "file_not_found"}


def answer(value):
    _env.set_agent_output("answer", value)
    return {"ok": True}
