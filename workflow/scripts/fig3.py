"""Fig. 3 of Wang & Jiang: magnetization against temperature, exact and learned Hamiltonian."""

from spinnet import io, job
from spinnet.plotting import fig3, style

settings = job.start(snakemake)
data = {name: io.read(snakemake.input[name], "sweep") for name in ("exact", "neural")}
data["deviation"] = io.read(snakemake.input.deviation, "deviation")
data["kaufman"] = io.read(snakemake.input.kaufman, "exact")
data["likelihood"] = io.read(snakemake.input.likelihood, "likelihood")
style.save(fig3.plot, data, settings, snakemake.output.figure)
