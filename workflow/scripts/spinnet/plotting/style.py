"""Shared look of all figures, and their saving."""

import matplotlib as mpl

mpl.use("Agg")
import matplotlib.pyplot as plt

from spinnet.documents import save_pdf

# Okabe-Ito colours: apart for colour-blind readers, with rising lightness in grey print.
BLACK, BLUE, VERMILLION, ORANGE, SKY = "#000000", "#0072B2", "#D55E00", "#E69F00", "#56B4E9"
WIDTH = 7.0  # inches, two columns


def save(plot, data, settings, path):
    """Draw plot(data) -> Figure in the common style and write it as PDF with its provenance."""
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
    with mpl.rc_context(look):
        figure = plot(data)
        save_pdf(figure, path, settings)
        plt.close(figure)
