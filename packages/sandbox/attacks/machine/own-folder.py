import os

from report import Report


def dig():
    """Nests folders deeper than a path may be long."""
    name = "x" * 200
    for _ in range(100):
        os.mkdir(name)
        os.chdir(name)
    return "dug"


class Agent(Report):
    attempts = [dig]
