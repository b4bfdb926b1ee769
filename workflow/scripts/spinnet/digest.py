"""Digest of the code that a script runs: itself and the first-party modules it imports.

Rules carry it in their params, so an edit reruns exactly the jobs that it can affect, while a
touch, a comment or a docstring reruns nothing.  Imports must be static; package __init__ files
must be empty.
"""

import ast
import hashlib
import json
import os
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path

PACKAGE = "spinnet"
CACHE = Path(".snakemake", "code")  # what `_analysed` found, in files that are named by what it was given
_HERE = Path(__file__).read_bytes() + sys.version.encode()  # what else its answer depends on


@cache
def _parsed(path):
    """[digest of the normalised code, names of imported first-party modules, sorted] of a source file."""
    source = path.read_bytes()
    entry = CACHE / hashlib.sha256(_HERE + source).hexdigest()
    return _kept(entry) or _keep(entry, _analysed(source))


def _analysed(source):
    tree = ast.parse(source)
    modules = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            modules.update([node.module, *(f"{node.module}.{alias.name}" for alias in node.names)])
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and node.body and _is_text(node.body[0]):
            node.body = node.body[1:]
    return [_hash(ast.dump(tree)), sorted(m for m in modules if m.split(".")[0] == PACKAGE)]


def _is_text(node):
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _hash(text):
    return hashlib.sha256(text.encode()).hexdigest()


def _kept(entry):
    """What the file of an entry holds; None if it is not there or damaged."""
    with suppress(OSError, ValueError):
        digest, text = entry.read_text().split("\n")
        if digest == _hash(text):
            return json.loads(text)
    return None


def _keep(entry, found):
    """Write the file of an entry, at once as a whole, if this is the folder of a workflow; returns what was found."""
    text, partial = json.dumps(found), entry.with_suffix(f".{os.getpid()}")
    with suppress(OSError):
        if CACHE.parent.is_dir():
            CACHE.mkdir(exist_ok=True)
            partial.write_text(f"{_hash(text)}\n{text}")
            partial.replace(entry)
    return found


@cache
def _library(root):
    """{name: path} of the modules of the package."""
    paths = root.joinpath(PACKAGE).rglob("*.py")
    return {".".join(path.relative_to(root).with_suffix("").parts): path for path in paths}


def closure(script, root=None):
    """The script and every first-party module it imports, directly or not: sorted list of paths.

    root: folder of the package, if the script does not lie beside it.
    """
    script = Path(script).resolve()
    root = root or next(p for p in script.parents if (p / PACKAGE).is_dir())
    library, found, queue = _library(root), set(), [script]
    while queue:
        path = queue.pop()
        if path not in found:
            found.add(path)
            queue.extend(library[name] for name in _parsed(path)[1] if name in library)
    return sorted(found)


@cache
def code_digest(script, root=None):
    """Hex digest (16 characters) of the parsed code of `closure(script, root)`."""
    return _hash("\n".join(f"{path.stem}:{_parsed(path)[0]}" for path in closure(script, root)))[:16]
