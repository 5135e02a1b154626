"""Digests of code that do not change with its comments, layout, annotations and names."""

import ast
import copy
import hashlib

SHORTEST_FUNCTION = 200
SHORTEST_FILE = 100
DIGEST_LENGTH = 32
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def prints_of(tree):
    """Pairs of a name and a digest: the file with no name, then each function and class that is long enough to tell."""
    found = {}
    _add(found, None, _without_imports(tree), SHORTEST_FILE)
    for node in ast.walk(tree):
        if isinstance(node, _DEFINITIONS):
            _add(found, node.name, node, SHORTEST_FUNCTION)
    return [[name, digest] for digest, name in found.items()]


def _add(found, name, node, shortest):
    try:
        text = ast.unparse(_Bare().visit(copy.deepcopy(node)))
    except (RecursionError, ValueError):
        return
    if len(text) >= shortest:
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:DIGEST_LENGTH]
        # A file that is one function has the print of that function, and its name tells more.
        found[digest] = found.get(digest) or name


def _without_imports(tree):
    """A copy imports from other places than its original."""
    body = [node for node in tree.body if not isinstance(node, (ast.Import, ast.ImportFrom))]
    return ast.Module(body=body, type_ignores=[])


class _Bare(ast.NodeTransformer):
    """Gives every name the number of its first use. Attributes and keywords stay: they name what lies elsewhere."""

    def __init__(self):
        self._numbers = {}

    def _number(self, name):
        return f"v{self._numbers.setdefault(name, len(self._numbers))}"

    def visit(self, node):
        if isinstance(node, ast.AnnAssign) and node.value is not None:
            node = ast.Assign(targets=[node.target], value=node.value, lineno=0)
        if isinstance(node, (*_DEFINITIONS, ast.Module)):
            node.body = _without_docstring(node.body)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            node.returns = None
        if isinstance(node, _DEFINITIONS):
            node.name = self._number(node.name)
        elif isinstance(node, ast.Name):
            node.id = self._number(node.id)
        elif isinstance(node, ast.arg):
            node.arg, node.annotation = self._number(node.arg), None
        elif isinstance(node, ast.ExceptHandler) and node.name:
            node.name = self._number(node.name)
        elif isinstance(node, (ast.Global, ast.Nonlocal)):
            node.names = [self._number(name) for name in node.names]
        return self.generic_visit(node)


def _without_docstring(body):
    first = body[0] if body else None
    if not (isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)):
        return body
    return body[1:] or [ast.Pass()]
