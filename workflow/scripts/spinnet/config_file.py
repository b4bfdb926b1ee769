"""Files with a configuration, checked before Snakemake reads them: it keeps the last of two equal keys, and stops at
what it cannot read without saying where.
"""

import os
import re
from glob import glob

import yaml

from spinnet.config_entries import OwnEnsemble
from spinnet.config_messages import ConfigError, found

LARGEST = 2**20  # bytes; the configuration of all studies has 30 000
DEEPEST = 40  # levels of lists and sections in each other
SEXAGESIMAL = re.compile(r"[-+]?[0-9]+(:[0-5]?[0-9])+(\.[0-9_]*)?$")  # 1:30 is 90 in YAML 1.1
OCTAL = re.compile(r"[-+]?0[0-7_]+$")  # 010 is 8 in YAML 1.1
ENDINGS = (".png", ".tif", ".tiff", ".npy", ".npz", ".nc", ".nc4", ".cdf", ".h5", ".hdf5", ".hdf")  # of own files
NUMBERS = ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float")


class _Strict:
    """Refuses what plain YAML reads as something else than is written."""

    def construct_mapping(self, node, deep=False):
        seen = set()
        for key, _ in node.value:
            if key.tag == "tag:yaml.org,2002:merge":
                raise ConfigError(f"{_place(key)}: found the merge key <<; write the keys out")
            name = self.construct_object(key, deep=True)
            if isinstance(name, (list, dict)):
                raise ConfigError(f"{_place(key)}: found {found(name)} as a key; allowed is text")
            if name in seen:
                raise ConfigError(f"{_place(key)}: key {name!r} is given twice; keep one")
            seen.add(name)
        return super().construct_mapping(node, deep)

    def construct_scalar(self, node):
        if node.tag in NUMBERS and (SEXAGESIMAL.match(node.value) or OCTAL.match(node.value)):
            raise ConfigError(
                f"{_place(node)}: found {found(node.value)}, which YAML takes for a number to base 60 or 8; write it "
                "as a decimal number, or in quotes"
            )
        return super().construct_scalar(node)


class _Fast(_Strict, yaml.CSafeLoader):
    """Each call of Snakemake reads the configuration."""


class _Clear(_Strict, yaml.SafeLoader):
    """Says more of what is no YAML."""


def _place(node):
    return f"configuration: {node.start_mark.name}, line {node.start_mark.line + 1}"


def _check_depth(text, path):
    """Refuse levels without end, for which what follows has no room on the stack."""
    level = 0
    for event in yaml.parse(_Named(text, path), yaml.CSafeLoader):
        if isinstance(event, yaml.CollectionEndEvent):
            level -= 1
        elif isinstance(event, yaml.NodeEvent):
            if level == DEEPEST:
                raise ConfigError(f"{_place(event)}: found more than {DEEPEST} levels of lists and sections")
            level += isinstance(event, yaml.CollectionStartEvent)


def check_file(path):
    """The content of a YAML file; one that is no mapping, or not what it looks like, is refused.

    Raises ConfigError with one sentence.
    """
    try:
        content = _read(path)
    except yaml.MarkedYAMLError as error:
        place = f", line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise ConfigError(
            f"configuration: {path}{place} is not valid YAML: {' '.join(error.problem.split())}"
        ) from None
    except ConfigError:
        raise
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise ConfigError(f"configuration: {path} is not valid YAML: {found(' '.join(str(error).split()))}") from None
    if not isinstance(content, dict):
        raise ConfigError(f"configuration: {path} holds no keys; allowed is a mapping as in config/config.yaml")
    return content


def check_own_files(ensembles):
    """Refuse one's own ensembles whose files are not there, or of no known kind. Raises ConfigError."""
    for name, ensemble in ensembles.items():
        if isinstance(ensemble, OwnEnsemble):
            key, files = f"configuration: ensembles.{name}.file", glob(ensemble.file)
            if not files:
                raise ConfigError(f"{key}: no file {ensemble.file!r} was found")
            for file in files:
                if not os.path.isfile(file) or not file.lower().endswith(ENDINGS) or set(file) & set("{}"):
                    raise ConfigError(
                        f"{key}: found {found(file)}; allowed are files whose names end in {', '.join(ENDINGS)}"
                    )


def _read(path):
    if not os.path.isfile(path):
        raise ConfigError(f"configuration: {path} is not a file; needed is one with settings, as config/config.yaml")
    if os.path.getsize(path) > LARGEST:
        raise ConfigError(f"configuration: {path} has {os.path.getsize(path)} bytes; allowed are {LARGEST}")
    try:
        with open(path, encoding="utf-8") as file:
            text = file.read()
        try:
            _check_depth(text, path)
            return yaml.load(_Named(text, path), _Fast)
        except yaml.MarkedYAMLError:
            return yaml.load(_Named(text, path), _Clear)
    except OSError as error:
        raise ConfigError(f"configuration: {path} cannot be read ({error.strerror})") from None
    except UnicodeDecodeError as error:
        raise ConfigError(f"configuration: {path} holds a byte at {error.start} that is no UTF-8 text") from None


class _Named:
    """Text as a file with a name, which errors show."""

    def __init__(self, text, name):
        self._text, self.name = text, str(name)

    def read(self, _size):
        text, self._text = self._text, ""
        return text
