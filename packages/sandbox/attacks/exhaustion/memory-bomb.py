from report import Report

MOST_MIB = 4096


def take():
    kept = []
    for _ in range(MOST_MIB // 32):
        kept.append(bytearray(b"x") * (32 << 20))
    return f"took {len(kept) * 32} MiB"


class Agent(Report):
    attempts = [take]
