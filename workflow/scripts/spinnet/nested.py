"""Nested values (dicts, lists, tuples, numbers, text, arrays, tensors, datasets) as JSON beside plain arrays."""

import sys

import numpy as np
import xarray as xr

PLAIN = (type(None), bool, int, float, str)


def flatten(value, arrays):
    """JSON-able form of a nested value; its arrays are appended to the list `arrays`. Raises TypeError."""
    if type(value) in PLAIN:
        return value
    if type(value) is list:
        return [flatten(v, arrays) for v in value]
    if type(value) is tuple:
        return {"tuple": flatten(list(value), arrays)}
    if isinstance(value, dict):
        return {"dict": [[flatten(k, arrays), flatten(v, arrays)] for k, v in value.items()]}
    if isinstance(value, xr.Dataset):
        return {"dataset": flatten(value.to_dict(data="array"), arrays)}
    if isinstance(value, np.ndarray) and value.dtype.kind in "UO":
        return {"text": [value.dtype.str, flatten(value.tolist(), arrays)]}
    number = len(arrays)
    if isinstance(value, np.ndarray | np.generic):
        arrays.append(np.asarray(value, order="C"))
        return {"array" if isinstance(value, np.ndarray) else "number": number}
    if hasattr(value, "detach"):  # a tensor, on any device
        arrays.append(np.asarray(value.detach().cpu().numpy(), order="C"))
        return {"tensor": [number, value.stride()]}
    raise TypeError(f"a value of type {type(value).__name__} cannot be saved")


def restore(form, arrays):
    """The value that `flatten` made `form` and `arrays` of; tensors are on the CPU."""
    if type(form) is list:
        return [restore(f, arrays) for f in form]
    if type(form) is not dict:
        return form
    ((kind, content),) = form.items()
    return _KINDS[kind](content, arrays)


def _text(content, arrays):
    dtype, values = content
    return np.array(restore(values, arrays), dtype)


def _tensor(content, arrays):
    torch = sys.modules["torch"]  # a job that saves tensors has loaded it, and others need not have it
    number, stride = content
    values = torch.from_numpy(arrays[number])
    # An optimiser may need its numbers in the order in memory that the weights have.
    return torch.empty_strided(values.shape, stride, dtype=values.dtype).copy_(values)


_KINDS = {
    "tuple": lambda content, arrays: tuple(restore(content, arrays)),
    "dict": lambda content, arrays: {restore(k, arrays): restore(v, arrays) for k, v in content},
    "dataset": lambda content, arrays: xr.Dataset.from_dict(restore(content, arrays)),
    "text": _text,
    "array": lambda number, arrays: arrays[number],
    "number": lambda number, arrays: arrays[number][()],
    "tensor": _tensor,
}
