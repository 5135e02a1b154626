_env = None


def set_env(env):
    global _env
    _env = env


def look(path):
    while True:
        pass


def answer(value):
    _env.set_agent_output("answer", value)
    return {"ok": True}
