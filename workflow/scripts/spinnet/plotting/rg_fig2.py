"""Fig. 2 of Bachtis, Aarts & Lucini: mean predictive function against the field Y."""

from spinnet.plotting.rg_panels import field_figure
from spinnet.rg.field import pooled


def plot(data):
    """data: "reweighted" (Dataset) and "direct" (list of Datasets)."""
    return field_figure(data, "f", r"predictive function $\langle f\rangle$", pooled)
