import ctypes
import os

from report import Report


def rewrite():
    """Writes over its own program's constants through the file of its memory, which asks for no rights of the page."""
    word = b"an honest constant"
    address = id(word) + bytes.__basicsize__ - 1
    with open("/proc/self/mem", "r+b", 0) as memory:
        memory.seek(address)
        memory.write(b"canary in my own!!"[: len(word)])
    return ctypes.string_at(address, 5)


def descriptors():
    return [os.readlink(f"/proc/self/fd/{name}") for name in os.listdir("/proc/self/fd") if int(name) > 2][:20]


class Agent(Report):
    attempts = [rewrite, descriptors]
