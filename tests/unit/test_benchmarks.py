"""What `make bench` needs is there, and its table and chart are written. The figures themselves are no test."""

import os
import subprocess
import sys
from pathlib import Path

import pandas as pd

ROOT = Path(__file__).parents[2]
WRITE = """
import sys
from pathlib import Path

sys.path.insert(0, "benchmarks")
import kernels
from chart import BARS, SCALING
from measure import row

rows = [row(kernel, size, "this project", "", 2.0, "unit") for kernel, sizes in BARS.items() for size in sizes]
rows += [row(kernel, size, name, "", 1.5 * size, "us") for kernel, name in SCALING for size in (8, 16, 32)]
kernels.write(rows, Path(sys.argv[1]))
"""


def test_rows_become_a_table_and_a_chart(tmp_path):
    environment = os.environ | {"MPLCONFIGDIR": str(tmp_path)}
    command = [sys.executable, "-c", WRITE, str(tmp_path)]
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    table = pd.read_csv(tmp_path / "kernels.csv")
    assert len(table) == len(run.stdout.splitlines()) > 15
    assert table.loc[table["kernel"] == "Wolff", "value"].tolist() == [2.0] * 3
    assert (tmp_path / "kernels.pdf").read_bytes().startswith(b"%PDF")
