"""Fig. 4 of Wang & Jiang: magnetization against temperature for spins and for block sums."""

from spinnet import io, job
from spinnet.plotting import fig4, style

settings = job.start(snakemake)
names = ("exact", "neural", "stride1", "stride1_control", "stride2")
data = {name: io.read(snakemake.input[name], "sweep") for name in names}
data |= {f"deviation_{n}": io.read(snakemake.input[f"deviation_{n}"], "deviation") for n in names[1:]}
data["kaufman"] = io.read(snakemake.input.kaufman, "exact")
style.save(fig4.plot, data, settings, snakemake.output.figure)
