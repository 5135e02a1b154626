"""The clock that a program sees in place of the machine's."""

import sys
import time

MS = 10**6
STEP = 10**9
# Their waits end when real time has passed, so they go on reading the real clock.
WAITING = {"asyncio", "concurrent", "multiprocessing", "queue", "selectors", "socket", "socketserver", "ssl", "subprocess", "threading"}


class Clock:
    """Nanoseconds since 1970: on by 1 ms with each reading, to each step's time, over each sleep, and never back."""

    def __init__(self, start_ms):
        self._start = self._now = start_ms * MS
        self._executed = 0

    def read(self):
        now = self._now
        self._now += MS
        return now

    def elapsed(self):
        return self.read() - self._start

    def begin(self, method, params):
        """Moves on to the time at which a request of the referee begins (spec/determinism.md)."""
        if method == "execute":
            self._executed += 1
            self._move_to(self._executed)
        elif method == "act":
            step = params["observation"].get("step")
            self._move_to(step - 1 if isinstance(step, int) else 0)

    def replace_time(self):
        """Puts this clock behind the functions of `time`."""
        real = {name: getattr(time, name) for name in ("monotonic", "monotonic_ns", "sleep")}

        def sleep(seconds):
            if seconds < 0:
                raise ValueError("sleep length must be non-negative")
            self._now += round(seconds * 10**6) * 1000
            real["sleep"](0)  # other threads get their turn

        def monotonic():
            return real["monotonic"]() if _called_to_wait() else self.elapsed() / 10**9

        def monotonic_ns():
            return real["monotonic_ns"]() if _called_to_wait() else self.elapsed()

        time.time_ns = self.read
        time.time = lambda: self.read() / 10**9
        for name in ("perf_counter", "process_time", "thread_time"):
            setattr(time, name, lambda: self.elapsed() / 10**9)
            setattr(time, f"{name}_ns", self.elapsed)
        time.monotonic, time.monotonic_ns, time.sleep = monotonic, monotonic_ns, sleep
        for name in ("gmtime", "localtime", "ctime"):
            setattr(time, name, self._or_now(getattr(time, name)))
        self._format_now()

    def _or_now(self, convert):
        return lambda seconds=None: convert(self.read() / 10**9 if seconds is None else seconds)

    def _format_now(self):
        strftime, asctime = time.strftime, time.asctime
        time.strftime = lambda form, moment=None: strftime(form, time.localtime() if moment is None else moment)
        time.asctime = lambda moment=None: asctime(time.localtime() if moment is None else moment)

    def _move_to(self, step):
        self._now = max(self._now, self._start + step * STEP)


def _called_to_wait():
    module = sys._getframe(2).f_globals.get("__name__") or ""
    return module.partition(".")[0] in WAITING
