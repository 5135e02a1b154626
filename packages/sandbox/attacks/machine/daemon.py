import os
import time

from report import Report


def leave():
    """Forks twice, into a session of its own, and lives on for a minute."""
    child = os.fork()
    if child == 0:
        os.setsid()
        if os.fork() == 0:
            for descriptor in range(64):
                try:
                    os.close(descriptor)
                except OSError:
                    pass
            time.sleep(60)
        os._exit(0)
    os.waitpid(child, 0)
    return "left"


class Agent(Report):
    attempts = [leave]
