"""Whether there is a GPU."""

import ctypes

from spinnet.errors import UserError

MISSING = "device: 'cuda' was asked for, no CUDA device was found; use 'auto' or 'cpu'"


def check(name):
    """UserError if CUDA is asked for on a machine without its driver; takes no time."""
    if name == "cuda" and not _driver():
        raise UserError(MISSING)


def accelerator(name):
    """torch's name of the GPU to use, or None; name: "auto", "cpu" or "cuda".

    torch takes seconds to load, so without a driver it is not asked.  UserError if CUDA is asked for and missing.
    """
    if name == "cpu" or (name == "auto" and not _driver()):
        return None
    import torch

    if torch.cuda.is_available():
        return "cuda"
    if name == "cuda":
        raise UserError(MISSING)
    return None


def _driver():
    """Whether the library of NVIDIA's driver, which CUDA needs, is installed."""
    try:
        ctypes.CDLL("libcuda.so.1")
    except OSError:
        return False
    return True
