"""Every kernel beside plain code and beside other packages, in one run: results/benchmarks/kernels.csv and .pdf.

Usage: kernels.py [python of the environment with the other packages].  Without that only this project's lines.
"""

import csv
import io
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
SCRIPTS = HERE.parent / "workflow" / "scripts"
sys.path.insert(0, str(SCRIPTS))

from spinnet.environment import prepare

if __name__ == "__main__":
    prepare()  # before Numba is imported: vectors and threads as in the jobs

import networks
import pandas as pd
import spins
import torch
from chart import chart
from measure import machine
from scan import scan

from spinnet.documents import write_table
from spinnet.plotting import style

OUTPUT = HERE.parent / "results" / "benchmarks"
LOOK = {"font_size": 8, "dpi": 200}


def peers(python):
    """Rows of other packages' samplers, measured in an environment of their own."""
    found = subprocess.run([python, HERE / "peers.py"], stdout=subprocess.PIPE, text=True, check=True).stdout
    names = "implementation", "version", "kernel", "size", "value", "unit"
    return [
        one | {"size": int(one["size"]), "value": float(one["value"])}
        for one in csv.DictReader(io.StringIO(found), names)
    ]


def write(rows, folder):
    """Table and chart of the rows."""
    table = pd.DataFrame(rows).assign(machine=machine())
    write_table(table, folder / "kernels.csv", LOOK)
    style.save(chart, table, LOOK, folder / "kernels.pdf")


def main():
    torch.set_num_threads(1)
    rows = [*spins.attempts(), *spins.clusters()]
    rows += [row for python in sys.argv[1:2] for row in peers(python)]
    rows += [*networks.flips(), *networks.local_flips(), *networks.energies(), *spins.decorrelated(), *scan()]
    write(rows, OUTPUT)


if __name__ == "__main__":
    main()
