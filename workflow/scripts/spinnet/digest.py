"""Digest of the code that a script runs: itself and the first-party modules it imports.

Rules carry it in their params, so an edit reruns exactly the jobs that it can affect, while a
touch, a comment or a docstring reruns nothing.  Imports must be static; package __init__ files
must be empty.
"""

import ast
import hashlib
from functools import cache
from pathlib import Path

PACKAGE = "spinnet"


@cache
def _parsed(path):
    """(normalised code, imported first-party module names) of a source file."""
    tree = ast.parse(path.read_text())
    modules = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            modules.update([node.module, *(f"{node.module}.{alias.name}" for alias in node.names)])
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and node.body and _is_text(node.body[0]):
            node.body = node.body[1:]
    return ast.dump(tree), frozenset(m for m in modules if m.split(".")[0] == PACKAGE)


def _is_text(node):
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def closure(script, root=None):
    """The script and every first-party module it imports, directly or not: sorted list of paths.

    root: folder of the package, if the script does not lie beside it.
    """
    script = Path(script).resolve()
    root = root or next(p for p in script.parents if (p / PACKAGE).is_dir())
    found, queue = set(), [script]
    while queue:
        path = queue.pop()
        if path not in found:
            found.add(path)
            names = (root.joinpath(*m.split(".")).with_suffix(".py") for m in _parsed(path)[1])
            queue.extend(p for p in names if p.is_file())
    return sorted(found)


def code_digest(script, root=None):
    """Hex digest (16 characters) of the parsed code of `closure(script, root)`."""
    text = "\n".join(f"{path.stem}:{_parsed(path)[0]}" for path in closure(script, root))
    return hashlib.sha256(text.encode()).hexdigest()[:16]
