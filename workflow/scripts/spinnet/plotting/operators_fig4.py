"""Fig. 4 of Mills & Tamblyn: how well 4x4 states are classified against the number of training examples."""

from spinnet.plotting.operators_panels import learning_figure
from spinnet.plotting.style import BLACK

PAPER = 27000  # examples, with which the paper's networks missed "all but a handful" of the states
PARTS = (
    ("all states", (0, 1), True),
    ("states not seen in training", 0, False),
)


def plot(data):
    """data: "predictions", a list of datasets of all 4x4 states."""
    figure, axes = learning_figure(data["predictions"], 4, PARTS)
    for axis in axes:
        axis.axhline(1 / 2**16, color="0.5", linestyle=":", label="one of all states", zorder=0)
        axis.axvline(PAPER, color=BLACK, linestyle="--", linewidth=0.8, zorder=0,
                     label="paper: 27\N{THIN SPACE}000, all but a handful right")  # fmt: skip
    handles, names = axes[0].get_legend_handles_labels()
    figure.legend(handles, names, loc="outside lower center", ncols=3)
    return figure
