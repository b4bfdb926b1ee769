"""Fig. 1 of Mills & Tamblyn."""

import numpy as np
import torch

from spinnet import io, job
from spinnet.models.convolutional import LAYERS, WIDTH
from spinnet.operators.networks import load
from spinnet.plotting import operators_fig1, style

settings = job.start(snakemake)
model = load(snakemake.input.weights)
operator_data = io.read(snakemake.input.data, "operator data")
example = operator_data["state"].values[[np.abs(operator_data["energy"].values).argmin()]]
with torch.no_grad():
    maps = [output[0].numpy() for output in model.maps(torch.from_numpy(example))]
data = {"state": example[0], "maps": maps, "layers": LAYERS, "width": WIDTH, "outputs": model.out.out_features}
data |= {key: model.header[key] for key in ("upscale", "padding")}
style.save(operators_fig1.plot, data, settings, snakemake.output.figure)
