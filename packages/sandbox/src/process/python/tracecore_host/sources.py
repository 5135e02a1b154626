"""Lists the user's files that a program is made of, without running any."""

import ast
import json
import os
import sys

from .loading import Workspace
from .prints import prints_of

TASK_FILES = ("setup.py", "actions.py", "validate.py")


def print_sources(target):
    """
    Writes a JSON array, sorted by path: for a file, it and the modules of the user's own it imports; for a task's folder,
    its three files and what they import of that folder. Each has an absolute path and the prints of its code.
    """
    start = os.path.abspath(target)
    if os.path.isdir(start):
        folder, waiting = start, [os.path.join(start, name) for name in TASK_FILES]
    elif os.path.isfile(start):
        folder, waiting = os.path.dirname(start), [start]
    else:
        sys.stderr.write(f"{target} is not a file\n")
        return 2
    roots = Workspace(folder).import_roots()
    found = {}
    while waiting:
        path = waiting.pop()
        if path in found:
            continue
        tree = _parse(path)
        found[path] = prints_of(tree) if tree else []
        for name, place in _imported_names(tree, path) if tree else ():
            waiting.extend(_files_of(name, [place]) if place else _files_of_absolute(name, roots))
    # A task answers for its own folder alone: what lies beside it, agents may share.
    kept = sorted(path for path in found if folder != start or _is_inside(path, start))
    sys.stdout.write(json.dumps([{"path": path, "prints": found[path]} for path in kept]) + "\n")
    return 0


def _is_inside(path, folder):
    return os.path.realpath(path).startswith(os.path.join(os.path.realpath(folder), ""))


def _parse(path):
    """The syntax tree of a file; None when it cannot be read or parsed."""
    try:
        with open(path, "rb") as source:
            return ast.parse(source.read(), path)
    except (OSError, SyntaxError, ValueError, RecursionError):
        return None


def _imported_names(tree, path):
    """Pairs of a module's name in parts and, for a relative import, its folder."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name.split("."), None
        elif isinstance(node, ast.ImportFrom):
            folder = path if node.level else None
            for _ in range(node.level):
                folder = os.path.dirname(folder)
            base = node.module.split(".") if node.module else []
            for alias in node.names:
                yield [*base, alias.name], folder


def _files_of_absolute(name, roots):
    """The standard library comes first on the path, so nothing of the user's can stand for it."""
    return [] if name[0] in sys.stdlib_module_names else _files_of(name, roots)


def _files_of(name, folders):
    """The files that an import of a dotted name runs: each package on the way, then the module where it is one."""
    for folder in folders:
        files = []
        place = folder
        for part in name:
            place = os.path.join(place, part)
            package = os.path.join(place, "__init__.py")
            if os.path.isfile(package):
                files.append(package)
            elif os.path.isfile(f"{place}.py"):
                files.append(f"{place}.py")
                break
            elif not os.path.isdir(place):
                break
        if files:
            return files
    return []
