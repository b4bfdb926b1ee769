"""Fig. 6 of Mills & Tamblyn: how well 8x8 states are classified against the number of training examples."""

from spinnet.plotting.operators_panels import learning_figure
from spinnet.plotting.style import BLACK

PAPER = 100000, 0.99922  # examples, and accuracy on the test part; no error beyond the neighbouring class
PARTS = (("test part", 0, True),)


def plot(data):
    """data: "predictions", a list of datasets of 8x8 states."""
    figure, axes = learning_figure(data["predictions"], 8, PARTS)
    examples, accuracy = PAPER
    axes[0].axhline(1 - accuracy, color=BLACK, linestyle="--", linewidth=0.8, zorder=0)
    axes[0].plot(examples, 1 - accuracy, marker="*", markersize=9, markerfacecolor="white", color=BLACK,
                 linestyle="--", label=f"paper: {100 * accuracy:.3f} % right", zorder=0)  # fmt: skip
    handles, names = axes[0].get_legend_handles_labels()
    figure.legend(handles, names, loc="outside lower center", ncols=3)
    return figure
