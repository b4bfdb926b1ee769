"""Chromium for the tests of the pages, driven by Playwright; what is missing for it."""

import importlib.util
import shutil
import sys

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PACKAGES = ("playwright", "axe_playwright_python")
OPTIONS = ("--host-resolver-rules=MAP * ~NOTFOUND",)  # no name leads anywhere


def program():
    """Path of a Chromium or Chrome of this machine; None if there is none."""
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


def missing():
    """What this machine lacks for the tests in a browser, as one sentence; empty if nothing."""
    if program() is None:
        return f"none of {', '.join(PROGRAMS)} found; on Debian: apt-get install --no-install-recommends chromium"
    if absent := [name for name in PACKAGES if importlib.util.find_spec(name) is None]:
        return f"Python packages {', '.join(absent)} not found: pip install --requirement requirements-browser.lock"
    return ""


if __name__ == "__main__":
    sys.exit(missing() or 0)
