"""Block sums understood: figure and table."""

from spinnet import documents, io, job
from spinnet.plotting import encoder_blocks, style

KINDS = {"blocks": "blocks", "scan": "sweep", "exact": "sweep", "deviation": "deviation", "likelihood": "likelihood"}

settings = job.start(snakemake)
data = {name: io.read(path, KINDS[name.split("_")[0]]) for name, path in snakemake.input.items()}
style.save(encoder_blocks.plot, data, settings, snakemake.output.figure)
documents.write_table(encoder_blocks.table(data), snakemake.output.table, settings)
