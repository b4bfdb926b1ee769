"""Networks of the study as operators: from a model file to predictions of energies."""

import numpy as np
import torch

from spinnet.io import read_model
from spinnet.models.convolutional import ConvNet
from spinnet.models.demonstration import Demonstration
from spinnet.operators.levels import levels

BATCH = 64  # states at a time, always: the shape of a batch may change the last bits of a result
FILTERS, WIDTH = 512, 1024  # of the demonstration (Fig. 13)


def build(header):
    """An untrained network after a header with architecture, size, learns, upscale, padding, vectors."""
    if header["architecture"] == "demonstration":
        return Demonstration(FILTERS, WIDTH)
    outputs = len(levels(header["size"])) if header["learns"] == "class" else 1
    return ConvNet(header["size"], outputs, header["upscale"], header["padding"], header["vectors"])


def load(path):
    """The trained network (torch module, on the CPU) of a model file; its attribute `header` is a dict."""
    arrays, header = read_model(path)
    model = build(header)
    model.load_state_dict({name: torch.from_numpy(array) for name, array in arrays.items()})
    model.header = header
    return model.eval()


@torch.no_grad()
def predict(model, states):
    """Predictions (samples,) float64 for states (samples, L, L): energies [J], or magnetizations per spin.

    A classifying network gives the energy of its most probable class.  In float32 on the device of the model.
    """
    header, device = model.header, next(model.parameters()).device
    padded = np.zeros((-(-len(states) // BATCH) * BATCH, *states.shape[1:]), states.dtype)
    padded[: len(states)] = states
    batches = torch.from_numpy(padded).to(device).split(BATCH)
    output = torch.cat([model(b) for b in batches] or [torch.empty(0, 1)]).cpu()[: len(states)]
    if header["learns"] == "class":
        return levels(header["size"])[output.argmax(1).numpy()].astype(float)
    return header["mean"] + header["scale"] * output[:, 0].double().numpy()
