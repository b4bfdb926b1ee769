"""One learned Hamiltonian on several lattices: figure and table."""

from spinnet import documents, io, job
from spinnet.plotting import encoder_sizes, style

settings = job.start(snakemake)
names = [name for name, _ in snakemake.input.items() if name.startswith("neural_")]
data = {"sizes": sorted(int(name.removeprefix("neural_")) for name in names)}
for size in data["sizes"]:
    data |= {f"{kind}_{size}": io.read(snakemake.input[f"{kind}_{size}"], "sweep") for kind in ("exact", "neural")}
style.save(encoder_sizes.plot, data, settings, snakemake.output.figure)
documents.write_table(encoder_sizes.table(data), snakemake.output.table, settings)
