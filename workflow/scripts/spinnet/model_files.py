"""Model files, which may come from elsewhere: nothing is executed, and no network is built that is larger than
its file.

The header (JSON) says how large a network is; its numbers are compared with the shapes of the arrays (safetensors,
whose library compares them with the size of the file) before anything is allocated by them.
"""

import itertools
import json
import math
import os

import numpy as np
from safetensors.numpy import load_file

from spinnet.sentences import listed, short

LARGEST_HEADER = 2**26  # bytes; the order of 10^6 sites and the losses of 10^5 epochs fill less
LARGEST_WEIGHTS = 2**33  # bytes
MOST_SITES = 2**20
INT8, LARGEST = np.iinfo(np.int8), float(np.finfo(np.float64).max)
# (filters out, filters in, kernel) of models/convolutional.py, whose width is 1024 and which halves its input thrice
CONVOLUTIONS = ((32, 1, 3), (16, 32, 4), (16, 16, 4), (32, 16, 3), (16, 32, 4), (16, 16, 4), (32, 16, 3))
WIDTH, HALVED, SECOND = 1024, 8, 32


def load(weights, header):
    """(arrays, header) of the two files of a model: dict of float32 arrays, and a dict.

    Raises ValueError with what was found and what is allowed, or OSError.
    """
    for path, most in ((weights, LARGEST_WEIGHTS), (header, LARGEST_HEADER)):
        if os.path.getsize(path) > most:
            raise ValueError(f"{path} has {os.path.getsize(path)} bytes; allowed are {most}")
    arrays, content = _arrays(weights), _json(header)
    expected = _CHECKS[_one_of(content, "architecture", _CHECKS)](content, arrays)
    if found := arrays.keys() ^ expected.keys():
        raise ValueError(
            f"the arrays {listed(sorted(found))} are missing or in excess; the header says {listed([*expected])}"
        )
    for name, array in arrays.items():
        if array.shape != expected[name]:
            raise ValueError(f"array {name} has the shape {array.shape}, the header says {expected[name]}")
    return arrays, content


def _arrays(path):
    try:
        arrays = load_file(path)
    except Exception as error:  # such as KeyError of a type that NumPy does not have
        raise ValueError(f"weights: {short(error)}") from None
    for name, array in arrays.items():
        if array.dtype != np.float32 or not np.isfinite(array).all():
            raise ValueError(
                f"array {short(name)} is of type {array.dtype}, maybe with NaN; allowed are finite float32"
            )
    return arrays


def _json(path):
    try:
        with open(path, encoding="utf-8") as file:
            content = json.load(file)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"header: {short(error)}") from None
    if not isinstance(content, dict):
        raise ValueError(f"header: found {short(content)}; allowed is an object of JSON")
    return content


def _masked(header, _):
    """Shapes of the arrays of a masked autoregressive network."""
    sites, values, hidden = _distribution(header), _integer(header, "values", 2, INT8.max), _list(header, "hidden")
    if len(header["alphabet"]) != values:
        raise ValueError(f"header: alphabet has {len(header['alphabet'])} values, {values} are in `values`")
    _integers(hidden, "hidden", 1, np.iinfo(np.int32).max)
    order = _list(header, "order")
    if any(type(site) is not int for site in order) or sorted(order) != list(range(sites)):
        raise ValueError(f"header: order is {short(order)}; allowed are the sites 0 to {sites - 1}, each once")
    inputs, outputs = sites * (1 if values == 2 else values), sites * (values - 1)
    layers = list(itertools.pairwise([inputs, *hidden, outputs]))
    shapes = {f"layers.{i}.weight": (n, m) for i, (m, n) in enumerate(layers)}
    shapes |= {f"layers.{i}.bias": (n,) for i, (_, n) in enumerate(layers)}
    return shapes | ({"direct.weight": (outputs, inputs)} if header["architecture"] == "direct" else {})


def _local(header, _):
    """Shape of the field of models/local.py."""
    _distribution(header)
    if len(header["alphabet"]) != 2:
        raise ValueError(f"header: alphabet is {header['alphabet']}; the architecture local has two values")
    reach = _integer(header, "window", 1, 2)
    return {"field": (2 ** (2 * reach * (reach + 1)),)}


def _distribution(header):
    """Sites of the lattice, after a look at what all networks that give p(s) have."""
    sites, alphabet = _integer(header, "sites", 4, MOST_SITES), _list(header, "alphabet")
    if math.isqrt(sites) ** 2 != sites:
        raise ValueError(f"header: sites is {sites}; allowed are squares")
    _integer(header, "size", 2, MOST_SITES)
    _integers(alphabet, "alphabet", INT8.min, INT8.max)
    if any(a >= b for a, b in itertools.pairwise(alphabet)):
        raise ValueError(f"header: alphabet is {short(alphabet)}; allowed are increasing integers")
    _number(header, "energy_offset")
    if _number(header, "temperature") <= 0:
        raise ValueError(f"header: temperature is {header['temperature']}; allowed are positive numbers")
    interactions = _get(header, "interactions")
    if interactions is not None and not isinstance(interactions, dict):
        raise ValueError(f"header: interactions is {short(interactions)}; allowed are null and an object of JSON")
    for term in interactions or ():
        _number(interactions, term)
    return sites


def _convolutional(header, _):
    """Shapes of the arrays of models/convolutional.py."""
    size, upscale = _integer(header, "size", 2, 2**12), _integer(header, "upscale", 1, 2**6)
    learns, channels = _operator(header), 2 if header["vectors"] else 1
    _one_of(header, "padding", ("zero", "periodic"))
    shapes = {}
    for i, (filters, into, kernel) in enumerate(CONVOLUTIONS):
        shapes[f"convolutions.{i}.weight"] = (filters, channels if i == 0 else into, kernel, kernel)
        shapes[f"convolutions.{i}.bias"] = (filters,)
    outputs = size**2 - 1 if learns == "class" else 1  # levels of energy
    side = -(-size * upscale // HALVED)
    return shapes | {
        "hidden.weight": (WIDTH, CONVOLUTIONS[-1][0] * side**2), "hidden.bias": (WIDTH,),
        "out.weight": (outputs, WIDTH), "out.bias": (outputs,),
    }  # fmt: skip


def _demonstration(header, _):
    """Shapes of the arrays of models/demonstration.py."""
    _operator(header)
    return {
        "conv.weight": (512, 1, 3, 3), "conv.bias": (512,), "fc1.weight": (1024, 512 * 9), "fc1.bias": (1024,),
        "fc2.weight": (1, 1024), "fc2.bias": (1,),
    }  # fmt: skip


def _operator(header):
    """What a network learns, after a look at what all operators have."""
    _number(header, "mean"), _number(header, "scale")
    if type(_get(header, "vectors")) is not bool:
        raise ValueError(f"header: vectors is {short(header['vectors'])}; allowed are true and false")
    return _one_of(header, "learns", ("class", "energy", "magnetization"))


def _classifiers(_, arrays):
    """Shapes of stacked arrays of models/classifier.py; their header has no numbers of the network."""
    first = arrays["fc1.weight"].shape if "fc1.weight" in arrays else ()
    if len(first) != 3:
        raise ValueError(f"array fc1.weight has the shape {first}; allowed is (networks, width, sites)")
    count, width, _ = first
    return {
        "fc1.weight": first, "fc1.bias": (count, width), "fc2.weight": (count, SECOND, width),
        "fc2.bias": (count, SECOND), "fc3.weight": (count, 2, SECOND), "fc3.bias": (count, 2),
    }  # fmt: skip


_CHECKS = {
    "made": _masked, "direct": _masked, "local": _local, "convolutional": _convolutional,
    "demonstration": _demonstration, None: _classifiers,
}  # fmt: skip


def _get(header, key):
    if key not in header:
        raise ValueError(f"header: {key} is missing")
    return header[key]


def _one_of(header, key, allowed):
    """An entry that is one of the texts `allowed`; a missing one may be None."""
    value = header.get(key)
    if not isinstance(value, str | None) or value not in allowed:
        raise ValueError(f"header: {key} is {short(repr(value))}; allowed are {listed([a for a in allowed if a])}")
    return value


def _list(header, key):
    value = _get(header, key)
    if not isinstance(value, list):
        raise ValueError(f"header: {key} is {short(repr(value))}; allowed are lists")
    return value


def _integer(header, key, low, high):
    value = _get(header, key)
    _integers([value], key, low, high)
    return value


def _integers(values, key, low, high):
    for value in values:
        if type(value) is not int or not low <= value <= high:
            raise ValueError(f"header: {key} holds {short(repr(value))}; allowed are integers from {low} to {high}")


def _number(header, key):
    value = _get(header, key)
    if type(value) not in (int, float) or not -LARGEST < value < LARGEST:  # NaN is neither; integers are exact
        raise ValueError(f"header: {short(key)} is {short(repr(value))}; allowed are finite numbers")
    return value
