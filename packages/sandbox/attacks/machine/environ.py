import os
import re

from report import Report


def canaries(text):
    return re.findall(r"canary-[a-z]+-[0-9a-f]+", text)[:20]


def environ_of(pid):
    try:
        with open(f"/proc/{pid}/environ", errors="replace") as file:
            return file.read()
    except OSError:
        return ""


class Agent(Report):
    attempts = [
        lambda: canaries(str(os.environ)),
        lambda: canaries(environ_of(os.getppid())),
        lambda: canaries(environ_of("__RUNNER_PID__")),
        lambda: canaries("".join(environ_of(name) for name in os.listdir("/proc") if name.isdigit())),
    ]
