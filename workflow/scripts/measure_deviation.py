"""Deviation of a sweep from the exact Hamiltonian at every temperature."""

from spinnet import io, job
from spinnet.deviation import deviations

settings = job.start(snakemake)
sweep, reference = io.read(snakemake.input.sweep, "sweep"), io.read(snakemake.input.reference, "sweep")
result = deviations(sweep, reference, settings["size"], settings["ising"])
io.write(result, snakemake.output.deviation, "deviation", f"Deviation of sweep {settings['name']}", settings)
