"""Exact number of states of the Ising model by energy and magnetization."""

from spinnet import io, job
from spinnet.density_of_states import density_of_states

settings = job.start(snakemake)
title = f"Density of states, L = {settings['size']}"
io.write(density_of_states(settings["size"]), snakemake.output.density, "density of states", title, settings)
