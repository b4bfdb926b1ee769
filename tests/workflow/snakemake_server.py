"""`python -m snakemake` without the seconds of its imports: this process has made them, and forks for each call.

Nothing of this project is imported before a fork, so that each call finds the code as it is then.
"""

import gc
import json
import os
import sys

import nbformat  # noqa: F401, as the four below: what a start of Snakemake or the Snakefile imports
import numba  # noqa: F401
import psutil  # noqa: F401
import pydantic  # noqa: F401
import yaml  # noqa: F401
from snakemake.cli import get_argument_parser, main


def call(arguments, folder, environment, outputs):
    """Run Snakemake in this process, with its output in two files; does not return."""
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    sys.path[0] = str(folder)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for number, path in enumerate(outputs, start=1):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
    main(arguments)


def serve():
    """One call for each line of standard input; its exit status is a line of standard output."""
    get_argument_parser()  # loads the plugins
    gc.freeze()
    for line in sys.stdin:
        if (child := os.fork()) == 0:
            call(**json.loads(line))
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


if __name__ == "__main__":
    serve()
