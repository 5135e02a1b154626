import os
import re
import time

from report import Report

SPENT = 1.0


def search(pid):
    """Reads what memory of a process can be read in a second, for the canaries in it."""
    ends = time.monotonic() + SPENT
    found = set()
    with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", 0) as memory:
        for line in maps:
            span, rights = line.split()[:2]
            if "rw" not in rights or time.monotonic() > ends:
                continue
            start, end = (int(edge, 16) for edge in span.split("-"))
            try:
                memory.seek(start)
                text = memory.read(min(end - start, 32 << 20))
            except (OSError, ValueError, OverflowError):
                continue
            found.update(re.findall(rb"canary-[a-z]+-[0-9a-f]{16}", text))
    return sorted(each.decode() for each in found)


class Agent(Report):
    attempts = [lambda: search(os.getppid()), lambda: search("__RUNNER_PID__"), lambda: search(1), lambda: search("self")]
