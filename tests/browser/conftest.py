"""The pages of a finished run of the smoke preset, and a browser that opens them."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from browser import OPTIONS, missing, program
from running import PRESET, copy_repository

FINISHED = "FINISHED_RUN"  # environment variable: a folder in which the smoke preset has run to its end, to copy


@pytest.fixture(scope="session")
def results(tmp_path_factory):
    """results/ of the smoke preset, with the report made from it, where possible in a network of its own."""
    folder = tmp_path_factory.mktemp("run")
    if FINISHED in os.environ:
        shutil.copytree(os.environ[FINISHED], folder, symlinks=True, dirs_exist_ok=True)
    else:
        copy_repository(folder)
        _snakemake(folder, "all")
    alone = ["unshare", "--map-root-user", "--net"]
    alone = alone if subprocess.run([*alone, "true"], capture_output=True).returncode == 0 else []
    _snakemake(folder, "--report", "results/report.html", "finished", prefix=alone)
    return folder / "results"


def _snakemake(folder, *arguments, prefix=()):
    command = [*prefix, sys.executable, "-m", "snakemake", "--cores", "2", *arguments, "--configfile", PRESET]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.fixture(scope="session")
def chromium():
    if missing():
        pytest.fail(missing())
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program(), args=OPTIONS, chromium_sandbox=False)
        yield browser
        browser.close()


class Watched:
    """A page from a file, and what it complained about or asked for from elsewhere."""

    def __init__(self, page, path):
        self.page, self.complaints, self.requests = page, [], []
        page.on("console", lambda message: message.type == "error" and self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self.requests.append(request.url))
        page.goto(Path(path).resolve().as_uri(), wait_until="load")

    def elsewhere(self):
        """Requests that would have left the machine."""
        return [url for url in self.requests if not url.startswith(("file:", "data:", "blob:"))]


@pytest.fixture
def opened(chromium):
    """Open a page: function of its path and of Playwright's options of a context, which returns a `Watched`."""
    contexts = []

    def open_(path, **options):
        contexts.append(chromium.new_context(**options))
        return Watched(contexts[-1].new_page(), path)

    yield open_
    for context in contexts:
        context.close()
