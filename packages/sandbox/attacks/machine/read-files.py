import os

from report import Report


def read(path):
    with open(path) as file:
        return file.read()


def links():
    os.symlink("__SECRET_FILE__", "link")
    return read("link")


def roots():
    return read(f"/proc/{os.getppid()}/root__SECRET_FILE__")


class Agent(Report):
    attempts = [
        lambda: read("__SECRET_FILE__"),
        lambda: read("__HOME_FILE__"),
        lambda: read("__TASK_FILE__"),
        links,
        roots,
        lambda: read("/proc/1/root__SECRET_FILE__"),
    ]
