import os

from report import Report


def write(path):
    with open(path, "a") as file:
        return file.write("here")


class Agent(Report):
    attempts = [
        lambda: write("__MARKER__"),
        lambda: write("__SECRET_FILE__"),
        lambda: os.unlink("__HOME_FILE__"),
        lambda: write("/dev/shm/__MARK__"),
        lambda: write("__WORKSPACE__/agents/planted.py"),
        lambda: os.rename("__WORKSPACE__/tasks/vault", "__WORKSPACE__/tasks/gone"),
    ]
