from report import Report

MOST_MIB = 1024
BLOCK = b"x" * (1 << 20)
written = 0


def fill(name, most):
    global written
    with open(name, "wb", 0) as file:
        for _ in range(most):
            if written < MOST_MIB:
                written += file.write(BLOCK) / len(BLOCK)


def many():
    for number in range(MOST_MIB // 16):
        fill(f"many-{number}", 16)


class Agent(Report):
    attempts = [lambda: fill("one", MOST_MIB), many, lambda: f"wrote {int(written)} MiB"]
