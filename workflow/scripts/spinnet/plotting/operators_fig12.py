"""Fig. 12 of Mills & Tamblyn: predicted against exact energies of the planar Potts model."""

import matplotlib.pyplot as plt

from spinnet.plotting.operators_fig11 import comparison
from spinnet.plotting.operators_panels import letters
from spinnet.plotting.style import WIDTH

INPUTS = {"angles": "angles, as in the paper", "vectors": r"$(\cos\sigma,\ \sin\sigma)$ of the angles"}


def plot(data):
    """data: "angles" and "vectors" (kind "predictions"), by what the network is given."""
    figure, axes = plt.subplots(1, 2, figsize=(WIDTH, 3.2), layout="constrained")
    for axis, name in zip(axes, INPUTS, strict=True):
        comparison(axis, data[name])
    letters(axes, INPUTS.values())
    return figure
