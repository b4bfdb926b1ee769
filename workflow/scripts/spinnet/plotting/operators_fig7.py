"""Fig. 7 of Mills & Tamblyn: energy and specific heat of the 4x4 Ising model with the network as Hamiltonian."""

from spinnet.operators.chains import curves
from spinnet.plotting.operators_chains import both, columns, deviation, difference, exact_curve, legend


def plot(data):
    """data: "chains" (kind "operator chains") with exact averages."""
    chains = data["chains"]
    found = curves(chains)
    figure, axes = columns(2, 5.0, (2.6, 1, 1))
    for column, name in zip(axes.T, ("energy", "specific_heat"), strict=True):
        exact_curve(column[0], chains, name, "exact enumeration")
        both(column[0], found, name)
        deviation(column[1], chains, found, name)
        difference(column[2], found, name)
    legend(figure, axes[0, 0])
    return figure
