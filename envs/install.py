"""Makes a virtual environment of a lock file: python envs/install.py FOLDER FILE.

uv installs it in an eighth of pip's time; where uv cannot be had or fails, pip does.  uv reads no configuration of
pip, so it is told what stands there of indexes, folders of wheels, constraints, certificates and proxies: without
that it would take another build of torch than pip, of several GB.
"""

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

LOCK = Path(__file__).parents[1] / "requirements.lock"  # names the version of uv
SOURCES = ("index-url", "extra-index-url", "find-links", "constraint")
VARIABLES = {
    "cert": "SSL_CERT_FILE",
    "proxy": "ALL_PROXY",
    "timeout": "UV_HTTP_TIMEOUT",
    "default-timeout": "UV_HTTP_TIMEOUT",
    "trusted-host": "UV_INSECURE_HOST",
}
TRUE = ("1", "true", "yes", "on", "y", "t")


def for_uv(listed):
    """What `pip config list` prints, for uv: (lines of a requirements file, environment variables).

    As in pip, options of the command overrule global ones, variables overrule both, and an empty value says nothing.
    """
    options = {}
    for section in ("global", "install", ":env:"):
        for name, value in re.findall(rf"^{section}\.([\w-]+)=(.+)$", listed, re.M):
            if words := [os.path.expanduser(word) for word in ast.literal_eval(value).split()]:
                options[name] = words
    lines = [f"--{name} {word}" for name in SOURCES for word in options.get(name, [])]
    if options.get("no-index", [""])[0].lower() in TRUE:
        lines.append("--no-index")
    return lines, {VARIABLES[name]: " ".join(words) for name, words in options.items() if name in VARIABLES}


def pip_of(python):
    """The command of pip for an environment without one: that of this Python if it has one, else its own."""
    ours = [sys.executable, "-m", "pip", "--python", python]
    if subprocess.run([*ours, "--version"], capture_output=True).returncode == 0:
        return ours
    subprocess.run([python, "-m", "ensurepip"], check=True, stdout=subprocess.DEVNULL)
    return [python, "-m", "pip"]


def uv_of(folder, pip):
    """The path of uv: one that is there, else the wheel of the pinned version."""
    own = folder / "bin" / "uv"
    for uv in filter(None, [shutil.which(own), shutil.which("uv")]):
        if subprocess.run([uv, "--version"], capture_output=True).returncode == 0:
            return uv
    pin = re.search(r"^uv==\S+", LOCK.read_text(), re.M).group()
    subprocess.run([*pip, "install", "--quiet", pin], check=True)
    return own


def install(folder, file):
    """Make the environment, and install the file into it."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    python = (folder / "bin" / "python").absolute()
    pip = pip_of(python)
    try:
        heard = os.environ | {"PIP_QUIET": "0"}  # a quiet pip lists nothing
        listed = subprocess.run([*pip, "config", "list"], env=heard, check=True, capture_output=True, text=True).stdout
        lines, variables = for_uv(listed)
        # All indexes count, as in pip; on standard input no one sees passwords in the addresses of indexes.
        command = [uv_of(folder, pip), "pip", "install", "--quiet", "--index-strategy", "unsafe-best-match"]
        text = "\n".join([*lines, f"--requirement {file}"])
        subprocess.run(
            [*command, "--python", python, "--requirement", "-"],
            check=True, input=text, text=True, env=os.environ | variables,
        )  # fmt: skip
    except (OSError, subprocess.CalledProcessError):
        print(f"uv cannot install {file} here; pip does, which takes longer", file=sys.stderr)
        subprocess.run([*pip, "install", "--quiet", "--requirement", file], check=True)


if __name__ == "__main__":
    if sys.version_info < (3, 11):  # noqa: UP036
        sys.exit(f"Python >= 3.11 is needed, found {sys.version.split()[0]}; set PYTHON=/path/to/python3")
    install(Path(sys.argv[1]), sys.argv[2])
