import os
import time

from report import Report

MOST = 2000


def bomb():
    """Bounded: two thousand processes, each for at most five seconds."""
    started = 0
    for _ in range(MOST):
        if os.fork() == 0:
            time.sleep(5)
            os._exit(0)
        started += 1
    return f"started {started} processes"


class Agent(Report):
    attempts = [bomb, lambda: os.posix_spawn("/bin/true", ["true"], {})]
