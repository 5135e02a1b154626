import importlib.util

from report import Report


def load():
    spec = importlib.util.spec_from_file_location("vault", "__WORKSPACE__/tasks/vault_python/setup.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.setup.__code__.co_consts


def read():
    with open("__TASK_FILE__") as source:
        return source.read()


class Agent(Report):
    attempts = [load, read]
