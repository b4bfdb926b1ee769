"""An environment is installed by uv from where pip would take the packages, and by pip where uv fails."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "envs" / "install.py"
# What pip lists (its keys in alphabetical order), and what uv is told.
LISTED = [
    ("", [], {}),
    ("global.timeout='60'\nglobal.disable-pip-version-check='1'\n", [], {"UV_HTTP_TIMEOUT": "60"}),
    (
        ":env:.cert='/etc/ca.crt'\n:env:.find-links='/a'\nglobal.find-links='/b /c'\ninstall.find-links='/d'\n",
        ["--find-links /a"],
        {"SSL_CERT_FILE": "/etc/ca.crt"},
    ),
    (
        "global.constraint='/etc/c.txt'\nglobal.extra-index-url='\\nhttps://a/simple\\nhttps://b/simple'\n"
        "global.index-url='https://me:it%27s@c/simple'\nglobal.trusted-host='a b'\ninstall.find-links='~/wheels'\n",
        [
            "--index-url https://me:it%27s@c/simple",
            "--extra-index-url https://a/simple",
            "--extra-index-url https://b/simple",
            f"--find-links {Path.home()}/wheels",
            "--constraint /etc/c.txt",
        ],
        {"UV_INSECURE_HOST": "a b"},
    ),
    (":env:.no-index='true'\nglobal.index-url=\"https://it's\"\n", ["--index-url https://it's", "--no-index"], {}),
    (":env:.find-links=''\nglobal.find-links='/a'\nglobal.no-index='false'\n", ["--find-links /a"], {}),
    ("download.find-links='/a'\nglobal.proxy='http://p:1'\n", [], {"ALL_PROXY": "http://p:1"}),
]  # fmt: skip


@pytest.fixture(scope="module")
def module():
    spec = importlib.util.spec_from_file_location("install", SCRIPT)
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


@pytest.mark.parametrize(("listed", "lines", "variables"), LISTED)
def test_uv_is_told_what_pip_knows(module, listed, lines, variables):
    assert module.for_uv(listed) == (lines, variables)


def test_pip_installs_what_uv_cannot(tmp_path):
    """With a uv that notes what it is told and fails, and a pip that is told to be quiet; nothing is installed."""
    lock, told, uv = (tmp_path / name for name in ("empty.lock", "told", "uv"))
    lock.write_text("# nothing\n")
    uv.write_text(f'#!/bin/sh\n[ "$1" = --version ] && exit\ncat > "{told}"\nexit 2\n')
    uv.chmod(0o755)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    environment |= {"PATH": f"{tmp_path}:{os.environ['PATH']}", "PIP_QUIET": "2"}
    environment |= {"PIP_FIND_LINKS": str(tmp_path), "PIP_NO_INDEX": "1"}
    command = [sys.executable, str(SCRIPT), str(tmp_path / "made"), str(lock)]
    run = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert {f"--find-links {tmp_path}", "--no-index", f"--requirement {lock}"} <= set(told.read_text().splitlines())
    assert f"uv cannot install {lock} here; pip does" in run.stderr
    assert (tmp_path / "made" / "bin" / "python").exists()
