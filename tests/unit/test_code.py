"""Structure of the repository: digests, closures, environments, directive order."""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
import yaml
from docutils.core import publish_doctree

from spinnet.digest import closure, code_digest

ROOT = Path(__file__).parents[2]
SCRIPTS = sorted((ROOT / "workflow/scripts").glob("*.py"))
LIBRARY = sorted((ROOT / "workflow/scripts/spinnet").rglob("*.py"))
DIRECTIVES = [
    "input",
    "output",
    "log",
    "benchmark",
    "cache",
    "conda",
    "threads",
    "resources",
    "params",
    "message",
    "script",
]
# Imports what each script imports in a process that has the slow packages already, and nothing of the library.
LOAD = r"""
import json, os, re, sys, traceback
from pathlib import Path

import matplotlib.pyplot, mpmath, netCDF4, numba, pandas, PIL.Image, safetensors.torch, scipy.stats, torch, xarray

assert "spinnet" not in sys.modules
for script in sys.argv[1:]:
    if os.fork() == 0:
        try:
            exec("\n".join(re.findall(r"^(?:from|import) .*$", Path(script).read_text(), re.M)))
            files = [module.__file__ for name, module in sys.modules.items() if name.startswith("spinnet")]
            print(json.dumps([script, files]), flush=True)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    if os.wait()[1]:
        sys.exit(f"{script}: its imports fail")
"""


@pytest.fixture
def package(tmp_path):
    """A script that imports a module that imports another one, in the folder of a workflow."""
    (tmp_path / ".snakemake").mkdir()
    library = tmp_path / "spinnet"
    library.mkdir()
    (library / "__init__.py").touch()
    (library / "a.py").write_text("from spinnet import b\n\n\ndef f():\n    '''text'''\n    return b.X\n")
    (library / "b.py").write_text("X = 1\n")
    (library / "unused.py").write_text("Y = 1\n")
    script = tmp_path / "script.py"
    script.write_text("from spinnet.a import f\n\nprint(f())\n")
    return script


def digest(script, first=""):
    """Digest in a new process, as a new run of the workflow sees it, after some code."""
    code = f"{first}\nfrom spinnet.digest import code_digest\nprint(code_digest({str(script)!r}))"
    environment = os.environ | {"PYTHONPATH": str(ROOT / "workflow/scripts")}
    command = [sys.executable, "-P", "-c", code]
    run = subprocess.run(command, cwd=script.parent, env=environment, capture_output=True, text=True, check=True)
    return run.stdout.strip()


def test_digest_sees_code_and_nothing_else(package):
    before = digest(package)
    library = package.parent / "spinnet"
    (library / "a.py").write_text("# comment\nfrom spinnet import b\n\ndef f():\n    '''other'''\n    return b.X\n")
    (library / "unused.py").write_text("Y = 2\n")
    assert digest(package) == before
    (library / "b.py").write_text("X = 2\n")
    assert digest(package) != before


def test_code_is_parsed_once_and_again_if_what_was_kept_is_damaged(package):
    unable = "import ast\nast.parse = None"
    kept = package.parent / ".snakemake" / "code"
    before = digest(package)
    whole = {entry: entry.read_bytes() for entry in kept.iterdir()}
    assert len(whole) == 3
    assert digest(package, unable) == before
    for damage in (b"", b"[", *(text[:-9] for text in whole.values()), *whole.values()):
        for entry in whole:
            entry.write_bytes(damage.replace(b"b", b"a"))
        assert digest(package) == before
        assert {entry: entry.read_bytes() for entry in kept.iterdir()} == whole
    shutil.rmtree(kept)
    kept.touch()
    assert digest(package) == before


def test_closure_of_a_package(package):
    assert [p.name for p in closure(package)] == ["script.py", "a.py", "b.py"]


@pytest.fixture(scope="module")
def loaded():
    """{script: modules of the library that are loaded with what it imports}, each in a process of its own."""
    command = [sys.executable, "-c", LOAD, *map(str, SCRIPTS)]
    run = subprocess.run(command, cwd=ROOT / "workflow/scripts", capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    return {Path(script): set(map(Path, files)) for script, files in map(json.loads, run.stdout.splitlines())}


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda p: p.stem)
def test_closure_holds_every_module_that_is_loaded(script, loaded):
    assert {path for path in loaded[script] if path.name != "__init__.py"} == set(closure(script)) - {script}
    assert len(code_digest(script)) == 16


def test_what_reads_the_configuration_loads_no_slow_package():
    """Each call of Snakemake does, with nothing to do too."""
    rules = "".join(path.read_text() for path in sorted((ROOT / "rules").glob("*.smk")))
    imports = re.findall(r"^(?:from spinnet|import spinnet).*$", rules, re.M)
    assert len(imports) > 10
    code = "\n".join([*imports, "import sys", "print({'numba', 'scipy', 'torch', 'xarray'} & set(sys.modules))"])
    command = [sys.executable, "-c", code]
    run = subprocess.run(command, cwd=ROOT / "workflow/scripts", capture_output=True, text=True, check=True)
    assert run.stdout == "set()\n"


def test_every_package_file_is_empty_and_scripts_are_thin():
    assert all(p.read_text() == "" for p in LIBRARY if p.name == "__init__.py")
    assert max(len(p.read_text().splitlines()) for p in SCRIPTS) <= 40


def test_rules_follow_one_order_of_directives():
    for path in sorted((ROOT / "rules").glob("*.smk")):
        for name, body in re.findall(r"^rule (\w+):\n((?:(?: {4}.*)?\n)+)", path.read_text(), re.M):
            found = re.findall(r"^ {4}(\w+):", body, re.M)
            assert found == [d for d in DIRECTIVES if d in found], f"{path.name}: {name}"
            assert {"output", "log", "benchmark", "params", "message", "script"} <= set(found), name


def test_environments_and_lock_file_agree():
    lock = dict(re.findall(r"^([\w.-]+)==(\S+)$", (ROOT / "requirements.lock").read_text(), re.M))
    assert "://" not in (ROOT / "requirements.lock").read_text()
    for path in sorted((ROOT / "envs").glob("*.yaml")):
        pip = next(d["pip"] for d in yaml.safe_load(path.read_text())["dependencies"] if isinstance(d, dict))
        for entry in pip:
            name, version = entry.split("==")
            assert lock[name] == version, f"{path.name}: {entry}"


DISTRIBUTIONS = {
    "sklearn": "scikit-learn",
    "skimage": "scikit-image",
    "PIL": "pillow",
    "jinja2": "Jinja2",
    "yaml": "PyYAML",
}  # where the name to import is another one


def third_party(path):
    """Packages outside the standard library and the project that a source file imports."""
    modules = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            modules |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            modules.add(node.module.split(".")[0])
    return {DISTRIBUTIONS.get(m, m) for m in modules - set(sys.stdlib_module_names) - {"spinnet"}}


def test_environments_hold_what_their_scripts_import():
    rules = "".join(p.read_text() for p in sorted((ROOT / "rules").glob("*.smk")))
    found = re.findall(r'conda:\n +"\.\./(envs/\w+\.yaml)"\n(?:.*\n)*?    script:\n +"\.\./(\S+)"', rules)
    assert len(found) > 30
    for environment, name in found:
        listed = set(re.findall(r"^      - ([\w.-]+)==", (ROOT / environment).read_text(), re.M))
        scripts = [*ROOT.glob(re.sub(r"\{[^}]*\}", "*", name))]
        assert scripts, name
        for script in scripts:
            needed = set().union(*(third_party(path) for path in closure(script)))
            assert needed <= listed, f"{environment} for {script}"


@pytest.mark.parametrize("path", sorted((ROOT / "workflow/report").glob("*.rst")), ids=lambda p: p.stem)
def test_captions_are_clean_restructured_text(path):
    """No warnings or errors, e.g. of a symbol between bars that reads as a substitution."""
    complaints = StringIO()
    text = publish_doctree(path.read_text(), settings_overrides={"warning_stream": complaints}).astext()
    assert complaints.getvalue() == ""
    assert len(text) > 80
