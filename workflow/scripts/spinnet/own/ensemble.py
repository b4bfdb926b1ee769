"""A user's own configurations as an ensemble: read, checked, and judged before anything is learned from them."""

import hashlib
import json
import re

import numpy as np
import xarray as xr

from spinnet.ensembles import PARTS
from spinnet.own import reading
from spinnet.statistics import LEAST_TIMES, autocorrelation_time, long_enough, mean_and_error

LOW_CONTRAST = 0.8  # of images; Gaussian noise alone has 2/pi
DIFFERENT = 5.0  # standard errors between the bonds inside and those across the edge


def read_ensemble(paths, settings, read=reading.read):
    """Ensemble of a user's configurations, like that of `ensembles.sample`.

    paths: one file with an array, or images.  settings: temperature [J/k_B], variable, tile, pixels_per_site, and the
    number of blocks of each part in `PARTS`.  The chains are contiguous blocks of the given order, so that correlated
    neighbours stay in one part; the last configurations that fill no block are left out.  attrs["warnings"] is a JSON
    list of sentences.  read: `reading.read`, or `apart.read` for files that are not trusted.  Raises UserError.
    """
    paths = sorted(map(str, paths), key=_natural)
    name, data = reading.label(paths), read(paths, settings)
    spins, alphabet, found = data["spins"], data["alphabet"], data["values"]
    number = sum(settings[part] for part in PARTS)
    spins = spins[: len(spins) // number * number]
    chain = np.repeat(np.arange(number, dtype=np.int32), len(spins) // number)
    result = _measured(spins, alphabet, chain, data.get("contrast"))
    result["shared"] = (
        (),
        _shared(spins, int((chain < settings["train"]).sum())),
        {"long_name": "share of the held-out configurations that training has too", "units": "1"},
    )
    result["spins"] = (
        ("temperature", "sample", "row", "column"),
        spins[None],
        {"long_name": "configuration", "units": "1", "alphabet": alphabet, "values_in_file": found},
    )
    warnings = _warnings(result)
    print(f"{name}: {len(spins)} configurations, values {', '.join(f'{v:g}' for v in found)}", *warnings, sep="\n")
    coordinates = {
        "temperature": ("temperature", [float(settings["temperature"])], {"units": "J/k_B"}),
        "chain": ("sample", chain),
    }
    return result.assign_coords(coordinates).assign_attrs(
        interactions="null", source=name, source_sha256=_sha256(paths), warnings=json.dumps(warnings)
    )


def _natural(path):
    """Key that sorts the numbers in file names by their value, 2 before 10."""
    return [int(part) if part.isdecimal() else part for part in re.split(r"(\d+)", path)]


def _sha256(paths):
    """Digest of one file, or of the digests of several."""
    digests = []
    for path in paths:
        with open(path, "rb") as file:
            digests.append(hashlib.file_digest(file, "sha256").hexdigest())
    return digests[0] if len(digests) == 1 else hashlib.sha256("\n".join(digests).encode()).hexdigest()


def _measured(spins, alphabet, chain, contrast):
    """What the configurations tell about themselves; errors from the scatter of the blocks."""
    largest = float(alphabet.max())
    m = spins.mean((1, 2)) / largest
    times = [autocorrelation_time(series[None])[0] for series in (m, np.abs(m))]
    correlation = _correlations(spins)
    named = {"magnetization": np.abs(m)} | {f"correlation_{k}": v / largest**2 for k, v in correlation.items()}
    text = {"long_name": "integrated autocorrelation time of m or |m| in the given order, the larger one"}
    result = xr.Dataset({"autocorrelation_time": ("temperature", [max(times)], text | {"units": "configurations"})})
    result["long_enough"] = (), np.int8(long_enough(m, max(times))), {"long_name": "1 if errors of means hold"}
    for key, values in named.items():
        value, error = mean_and_error(values.reshape(chain[-1] + 1, -1).mean(1))
        result[key] = ("temperature", [value], {"units": "1"})
        result[key + "_error"] = ("temperature", [error], {"units": "1"})
    fixed = (spins == spins[0]).all(0).sum()
    result["constant_sites"] = ((), fixed, {"long_name": "sites with one value in all configurations", "units": "1"})
    if contrast is not None:
        result["contrast"] = ("image", contrast, {"long_name": "between-class part of grey variance", "units": "1"})
    return result


def _correlations(spins):
    """Mean products (n,) of neighbours inside the lattice, of those across its edge, and their difference."""

    def mean(first, second):
        return np.einsum("nij,nij->n", first, second, dtype=np.int32) / first[0].size

    rows, columns = spins, spins.swapaxes(1, 2)
    inside, edge = (
        sum(mean(a[:, one], a[:, other]) for a in (rows, columns)) / 2
        for one, other in ((slice(1, None), slice(None, -1)), (slice(1), slice(-1, None)))
    )
    return {"inside": inside, "edge": edge, "edge_difference": edge - inside}


def _shared(spins, training):
    """Share of the held-out configurations whose exact copies are among the `training` first ones."""
    keys = [hash(row.tobytes()) for row in spins]
    known = set(keys[:training])
    return float(np.mean([key in known for key in keys[training:]]))


def _warnings(measured):
    """Sentences on what limits the results."""
    value = {k: float(v.values.min()) for k, v in measured.items()}
    sentences = []
    if value["autocorrelation_time"] > 1:
        sentences.append(
            f"The autocorrelation time in the given order is {value['autocorrelation_time']:.1f} configurations "
            "(independent ones have 0.5): they count for fewer, and parts are independent only if much longer."
        )
    if not value["long_enough"]:
        sentences.append(f"Errors are too small: all together span fewer than {LEAST_TIMES} autocorrelation times.")
    if abs(value["correlation_edge_difference"]) > DIFFERENT * value["correlation_edge_difference_error"]:
        sentences.append(
            f"Neighbours across the edge have the correlation {value['correlation_edge']:.3f}, those inside "
            f"{value['correlation_inside']:.3f}: the lattice is not periodic, which periodic models ignore."
        )
    if value["shared"] > 0:
        sentences.append(f"{100 * value['shared']:.1f} % of the held-out configurations are in the training part too.")
    if value["constant_sites"]:
        sentences.append(f"{value['constant_sites']:.0f} sites have the same value in all configurations.")
    if value.get("contrast", 1) < LOW_CONTRAST:
        low = int((measured["contrast"] < LOW_CONTRAST).sum())
        sentences.append(
            f"{low} images have no two clear grey levels (contrast below {LOW_CONTRAST}); spins may be wrong."
        )
    return [f"Warning: {sentence}" for sentence in sentences]
