"""A folder in which the smoke preset runs, and the bytes of a run that nobody disturbed."""

import pytest
from running import Folder


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    return Folder(tmp_path_factory.mktemp("faults"))


@pytest.fixture(scope="session")
def undisturbed(folder):
    """{name: bytes} of the results of a run that nobody disturbed."""
    folder.wipe()
    status, text = folder.run()
    assert status == 0, text
    return folder.content()
