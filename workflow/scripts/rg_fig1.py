"""Fig. 1 of Bachtis, Aarts & Lucini, with configurations of the ensembles."""

from spinnet import io, job
from spinnet.packing import unpack
from spinnet.plotting import rg_fig1, style

settings = job.start(snakemake)
size = settings["size"]
small, large = (io.read(snakemake.input[name], "packed ensemble") for name in ("small", "large"))
blocks = io.read(snakemake.input.blocked, "blocked ensemble")
data = {
    "original": unpack(small["bits"].values[0, 0], size // 2),
    "large": unpack(large["bits"].values[0, 0], size),
    "blocked": unpack(blocks["bits_1"].values[0, 0], size // 2),
    "width": settings["width"],
}
style.save(rg_fig1.plot, data, settings, snakemake.output.figure)
