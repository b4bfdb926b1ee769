"""Make a virtual environment of a lock file: by uv, which takes a fifth of pip's time, or by pip where uv fails.

Usage: install.py FOLDER LOCK_FILE.  uv is that of PATH, or the one that requirements.lock pins.
"""

import ast
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

PINS = Path(__file__).parents[1] / "requirements.lock"
# pip's name of a setting -> uv's option for each word of its value
OPTIONS = {
    "index-url": "--default-index", "extra-index-url": "--index", "find-links": "--find-links",
    "constraint": "--constraint", "trusted-host": "--allow-insecure-host",
}  # fmt: skip


def pip_settings(listing):
    """{name: words} of the settings that `pip config list` prints, those of files and of variables together."""
    found = {}
    for line in listing.splitlines():
        key, separator, value = line.partition("=")
        if separator:
            words = found.setdefault(key.rpartition(".")[2], [])
            words += [word for word in ast.literal_eval(value).split() if word not in words]
    return found


def uv_options(settings):
    """uv's options for pip's settings, of which uv itself reads nothing.

    A machine that has its packages elsewhere, such as a build of torch for the CPU, says so to pip alone.
    """
    pairs = ([option, word] for name, option in OPTIONS.items() for word in settings.get(name, []))
    return [argument for pair in pairs for argument in pair]


def install(folder, lock):
    """Fill `folder` with what the file `lock` pins."""
    venv.create(folder, clear=True, with_pip=True)
    python = Path(folder, "bin", "python")
    pip = [python, "-m", "pip"]
    listing = subprocess.run([*pip, "config", "list"], capture_output=True, text=True, check=True).stdout
    settings, uv = pip_settings(listing), shutil.which("uv")
    if not uv:
        pin = next(line for line in PINS.read_text().splitlines() if line.startswith("uv=="))
        if subprocess.run([*pip, "install", "--quiet", pin]).returncode == 0:
            uv = python.with_name("uv")
    # As pip does: the best version of all places, not the first place that has any.
    command = [uv, "pip", "install", "--quiet", "--python", python, "--index-strategy", "unsafe-best-match"]
    command += [*uv_options(settings), "--requirement", lock]
    certificates = {"SSL_CERT_FILE": settings["cert"][0]} if "cert" in settings else {}
    if uv and subprocess.run(command, env=certificates | os.environ).returncode == 0:
        return
    print("uv did not install the environment; pip does, in some minutes", file=sys.stderr)
    subprocess.run([*pip, "install", "--quiet", "--requirement", lock], check=True)


if __name__ == "__main__":
    install(*sys.argv[1:])
