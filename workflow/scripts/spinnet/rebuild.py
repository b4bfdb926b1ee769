"""The command that makes files of results again."""

import os
import shlex
from pathlib import Path

CONFIGURATION = "SPINNET_CONFIGURATION"  # environment variable: the options that gave Snakemake its configuration


def remember(configfiles, values):
    """Let this process and its jobs know the configuration files (paths) and values ("key=value") of this run."""
    files = [os.path.relpath(path) for path in configfiles]
    options = [*(["--configfile", *files] if files else []), *(["--config", *values] if values else [])]
    os.environ[CONFIGURATION] = shlex.join(options)


def command(*paths):
    """What to type to make these files again with the configuration of this run.

    A file may be a link into a cache between workflows, from where others would get it again.
    """
    text = f"snakemake --cores 1 --force {shlex.join(map(str, paths))} {os.environ.get(CONFIGURATION, '')}".rstrip()
    links = [str(Path(path).resolve()) for path in paths if Path(path).is_symlink()]
    return f"{text}  # and remove {shlex.join(links)} from the cache" if links else text
