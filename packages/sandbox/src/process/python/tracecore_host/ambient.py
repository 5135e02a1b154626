"""Replaces the time and chance that a program meets. Cooperative: what C code asks the system for stays real.

Not held: addresses (`id`, default `repr`, the order of sets of objects), the process and the machine (`os`, `platform`,
`socket`), where files lie, real waiting in `asyncio` and `threading`, and what threads do to one another.
"""

import importlib.util
import os
import random
import sys

from .clock import Clock

NODE = 0x020000000001
WORD = 2**64 - 1


def replace_ambient(seed, start_ms):
    """Seeds all chance with `seed`, starts the program's clock at `start_ms`, and gives that clock."""
    clock = Clock(start_ms)
    _replace_chance(seed)
    clock.replace_time()
    _after_import("datetime", lambda module: _replace_present(module, clock))
    _after_import("uuid", _replace_node)
    return clock


def _replace_chance(seed):
    entropy = random.Random(seed ^ WORD)  # a stream of its own: asking for bytes does not move the numbers

    def urandom(size):
        return entropy.randbytes(size)

    seed_with = random.Random.seed

    def seed_or_draw(self, a=None, version=2):
        return seed_with(self, entropy.getrandbits(64) if a is None else a, version)

    random.Random.seed = seed_or_draw
    random.seed = random._inst.seed
    random.seed(seed)
    os.urandom = random._urandom = urandom
    if hasattr(os, "getrandom"):
        os.getrandom = lambda size, flags=0: urandom(size)


def _replace_present(module, clock):
    """`datetime.now` and its kin. The classes stay those of the module but for a thin one around each."""
    present = {
        "now": lambda cls, tz=None: cls.fromtimestamp(clock.read() / 10**9, tz),
        "utcnow": lambda cls: cls.fromtimestamp(clock.read() / 10**9, module.timezone.utc).replace(tzinfo=None),
        "today": lambda cls: cls.fromtimestamp(clock.read() / 10**9),
    }
    module.datetime = _thin(module.datetime, present)
    module.date = _thin(module.date, {"today": present["today"]})


def _thin(real, methods):
    """A subclass that counts as the class itself: for `isinstance`, by name, and in print."""

    class Thin(type):
        def __instancecheck__(cls, value):
            return isinstance(value, real) if cls is thin else type.__instancecheck__(cls, value)

        def __subclasscheck__(cls, other):
            return issubclass(other, real) if cls is thin else type.__subclasscheck__(cls, other)

    def show(self):
        text = real.__repr__(self)
        return f"datetime.{text}" if type(self) is thin else text

    named = {name: classmethod(method) for name, method in methods.items()}
    thin = Thin(real.__name__, (real,), {"__slots__": (), "__module__": "datetime", "__repr__": show, **named})
    return thin


def _replace_node(module):
    """`uuid1` from the clock and a made-up network card, not from the machine's."""
    module._generate_time_safe = module._UuidCreate = None
    module._node = NODE


def _after_import(name, change):
    """Runs `change` on a module, now or when it is imported: importing it here would slow down every start."""
    if name in sys.modules:
        change(sys.modules[name])
    else:
        sys.meta_path.insert(0, _Watch(name, change))


class _Watch:
    def __init__(self, name, change):
        self._name = name
        self._change = change

    def find_spec(self, name, _path=None, _target=None):
        if name != self._name:
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.loader is not None:
            run = spec.loader.exec_module
            spec.loader.exec_module = lambda module: (run(module), self._change(module))
        return spec
