"""Runs the tests that claims name, and counts their cases."""

import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from collections import Counter
from pathlib import Path

from spinnet.errors import UserError

COLUMNS = ("test", "cases", "failed")


def outcomes(tests):
    """List of (test, number of cases, number of those that failed); skipped cases do not count.

    tests: names as path/to/test_file.py::test_function. Raises UserError if pytest does not find one of them.
    """
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.xml")
        command = [sys.executable, "-m", "pytest", *tests, "-p", "no:cacheprovider", f"--junitxml={report}"]
        run = subprocess.run(command, capture_output=True, text=True)
        print(run.stdout, run.stderr)
        if not report.exists() or run.returncode not in (0, 1):
            raise UserError(f"pytest ended with status {run.returncode}; its output is in the log")
        found = list(ElementTree.parse(report).iter("testcase"))
    cases, failed = Counter(), Counter()
    for case in found:
        name = case.get("classname").replace(".", "/") + ".py::" + case.get("name").partition("[")[0]
        kinds = {child.tag for child in case}
        cases[name] += "skipped" not in kinds
        failed[name] += bool(kinds & {"failure", "error"})
    return [(test, cases[test], failed[test]) for test in tests]
