"""Shared look of all figures, and their saving."""

import matplotlib as mpl

mpl.use("Agg")
import matplotlib.pyplot as plt

from spinnet.io import atomic

# Okabe-Ito colours: apart for colour-blind readers, with rising lightness in grey print.
BLACK, BLUE, VERMILLION, ORANGE, SKY = "#000000", "#0072B2", "#D55E00", "#E69F00", "#56B4E9"
WIDTH = 7.0  # inches, two columns


def save(plot, data, settings, path):
    """Draw plot(data) -> Figure in the common style and write it as PDF, without a date in it."""
    look = {
        "font.size": settings["font_size"],
        "savefig.dpi": settings["dpi"],
        "axes.grid": True,
        "grid.color": "0.9",
        "axes.axisbelow": True,
        "lines.markersize": 3.5,
        "lines.linewidth": 1.2,
        "legend.frameon": False,
        "errorbar.capsize": 1.5,
        "pdf.fonttype": 42,
    }
    with mpl.rc_context(look), atomic(path) as partial:
        figure = plot(data)
        figure.savefig(partial, format="pdf", metadata={"CreationDate": None})
        plt.close(figure)
