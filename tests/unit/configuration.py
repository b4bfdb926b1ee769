"""Shared by the tests of the configuration: the defaults, changed at one key."""

import copy
from pathlib import Path

import pytest
import yaml

from spinnet.config import ConfigError, check

DEFAULT = yaml.safe_load((Path(__file__).parents[2] / "config/config.yaml").read_text())


def changed(key, value):
    """The defaults with another value at a key such as rg.critical.beta."""
    settings = copy.deepcopy(DEFAULT)
    *path, last = key.split(".")
    section = settings
    for part in path:
        section = section[part]
    section[last] = value
    return settings


def assert_refused(key, value, expected):
    """The value is refused with the expected sentence, and each problem has one line."""
    with pytest.raises(ConfigError) as error:
        check(changed(key, value))
    assert expected in str(error.value)
    assert all(line.startswith("configuration: ") for line in str(error.value).splitlines())
