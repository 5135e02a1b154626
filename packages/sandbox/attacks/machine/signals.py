import os
import signal

from report import Report


class Agent(Report):
    attempts = [
        lambda: os.kill(int("__CANARY_PID__"), signal.SIGSTOP),
        lambda: os.kill(int("__CANARY_PID__"), signal.SIGKILL),
        lambda: os.killpg(os.getpgid(int("__CANARY_PID__")), signal.SIGKILL),
    ]
