_env = None


def set_env(env):
    global _env
    _env = env


def look(path):
    kept = [bytearray(b"x") * (32 << 20) for _ in range(128)]
    return {"ok": True, "content": f"took {len(kept) * 32} MiB"}


def answer(value):
    _env.set_agent_output("answer", value)
    return {"ok": True}
