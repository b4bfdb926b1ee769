"""Counts of faults for docs/reliability.md, gathered from the tests that inject them."""

import json
import os
from pathlib import Path


def record(name, **counts):
    """Add the counts of a test to the JSON file that RELIABILITY_COUNTS names, if it is set."""
    if target := os.environ.get("RELIABILITY_COUNTS"):
        path = Path(target)
        found = json.loads(path.read_text()) if path.exists() else {}
        path.write_text(json.dumps(found | {name: counts}, indent=1, sort_keys=True) + "\n")
