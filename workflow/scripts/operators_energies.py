"""Figs. 2 and 3 of Mills & Tamblyn: what a 4x4 network has learned from, and where it errs."""

from spinnet import io, job
from spinnet.operators.examples import training_rows
from spinnet.plotting import operators_energies, style

settings = job.start(snakemake)
data = io.read(snakemake.input.data, "operator data")
predictions = io.read(snakemake.input.predictions, "predictions")
rows = training_rows(data, io.settings_of(predictions)["examples"])
data = {"training": data["energy"].values[rows], "predictions": predictions}
style.save(operators_energies.plot, data, settings, snakemake.output.figure)
