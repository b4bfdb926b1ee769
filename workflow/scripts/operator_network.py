"""Train a network to be an operator, and predict what it has not seen."""

from spinnet import io, job
from spinnet.checkpoint import Checkpoint
from spinnet.operators.networks import load, predict
from spinnet.operators.parallel import learn_from_files
from spinnet.operators.scores import predictions

settings = job.start(snakemake)
checkpoint = Checkpoint.of(snakemake)
data = io.read(snakemake.input.data, "operator data")
files = snakemake.input.data, snakemake.input.get("start")
arrays, header = learn_from_files(*files, settings, lambda items: job.progress(items, "epoch"), checkpoint)
io.write_model(arrays, header, snakemake.output.weights)
model = load(snakemake.output.weights)
result = predictions(lambda states: predict(model, states), data, settings)
io.write(result, snakemake.output.predictions, "predictions", f"Predictions of {settings['name']}", settings)
checkpoint.remove()
