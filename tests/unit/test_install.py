"""The environment: what pip knows of its indexes reaches uv."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "envs"))
from install import pip_settings, uv_options

LISTING = """:env:.find-links='/wheels'
:env:.quiet='1'
global.cert='/certificates.crt'
global.constraint='/constraints.txt'
global.extra-index-url='https://one.example/simple file:///two/simple'
global.find-links='/wheels'
global.index-url='https://main.example/simple'
"""


def test_every_place_of_packages_is_handed_on_once():
    assert uv_options(pip_settings(LISTING)) == [
        *("--default-index", "https://main.example/simple"),
        *("--index", "https://one.example/simple", "--index", "file:///two/simple"),
        *("--find-links", "/wheels"),
        *("--constraint", "/constraints.txt"),
    ]
    assert pip_settings(LISTING)["cert"] == ["/certificates.crt"]


def test_nothing_is_made_up():
    assert uv_options(pip_settings("")) == []
