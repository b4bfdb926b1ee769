"""Fig. 3 of Bachtis, Aarts & Lucini: susceptibility of the predictive function against the field Y."""

from spinnet.plotting.rg_panels import field_figure
from spinnet.rg.field import susceptibility


def plot(data):
    """data: "reweighted" (Dataset) and "direct" (list of Datasets)."""
    return field_figure(data, "f_slope", r"susceptibility $\chi_f$ [$1/J$]", susceptibility)
