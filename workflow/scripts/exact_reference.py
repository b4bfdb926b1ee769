"""Exact thermodynamics of the L x L torus on a fine grid of temperatures."""

import numpy as np
import xarray as xr

from spinnet import io, job
from spinnet.exact import kaufman

settings = job.start(snakemake)
grid = np.linspace(settings["lowest"], settings["highest"], 121)
values = kaufman(settings["size"], grid)._asdict()
units = {"energy": "J", "specific_heat": "k_B", "entropy": "k_B", "log_partition": "nat"}
variables = {
    name: ("temperature", v, {"units": units[name], "long_name": name + " per site"}) for name, v in values.items()
}
result = xr.Dataset(variables, {"temperature": ("temperature", grid, {"units": "J/k_B"})})
io.write(result, snakemake.output.exact, "exact", f"Kaufman's exact solution, L = {settings['size']}", settings)
