"""One page on a user's own configurations: data, model, predictions, and how far to trust them."""

from spinnet import documents, io, job
from spinnet.plotting import encoder_own, style

settings = job.start(snakemake)
kinds = {
    "ensemble": "ensemble", "dataset": "dataset", "likelihood": "likelihood", "sweep": "sweep", "trust": "trust",
    "diagnostics": "diagnostics", "couplings": "read couplings",
}  # fmt: skip
data = {name: io.read(path, kinds[name]) for name, path in snakemake.input.items() if name in kinds}
data["header"] = io.read_model(snakemake.input.weights)[1]
style.save(encoder_own.plot, data, settings, snakemake.output.figure)
documents.write_table(encoder_own.table(data), snakemake.output.table, settings)
