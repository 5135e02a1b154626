"""Notes everything around it that could differ from machine to machine, in the arguments of its actions."""

import datetime
import os
import random
import secrets
import time
import uuid

BORN = [random.random(), time.time()]


class Agent:
    def reset(self, _task):
        pass

    def observe(self, _observation):
        pass

    def act(self):
        seen = {"born": BORN, "chance": chance(), "times": times(), "dates": dates(), "order": order(), "locale": locale()}
        return {"type": "mixed", "args": {"x": seen}}


def chance():
    drawn = [random.random(), random.randint(1, 9), random.Random().random(), random.SystemRandom().random()]
    random.seed()
    words = [secrets.token_hex(4), os.urandom(4).hex(), str(uuid.uuid4()), str(uuid.uuid1())]
    return [drawn, random.sample(range(100), 4), words]


def times():
    began = time.time()
    time.sleep(3600)
    elapsed = [time.monotonic(), time.perf_counter(), time.process_time(), str(time.time_ns())]
    return [time.time() - began, elapsed, time.ctime(), time.strftime("%A %c %Z"), list(time.localtime()), time.timezone]


def dates():
    now = datetime.datetime.now()
    later = now + datetime.timedelta(days=1)
    kinds = [isinstance(now, datetime.date), isinstance(later, datetime.datetime), type(later) is type(now)]
    zoned = datetime.datetime.now(datetime.timezone.utc).astimezone()
    return [repr(now), str(later), kinds, str(zoned), repr(datetime.date.today()), f"{now:%B}"]


def order():
    words = {"ä", "b", "a", "B", "1"}
    return [list(words), sorted(words), list({"b": 1, "a": 2}), str(hash("text"))]


def locale():
    return ["I".lower(), f"{1234567.891:n}", f"{1234567.891:,}", "%.2f" % 0.125]
