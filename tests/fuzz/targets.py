"""What is fuzzed: file `number` of a seed, and the reader that its ending chooses."""

from functools import lru_cache
from pathlib import Path

import mutations
import numpy as np
import seeds
import torch

from spinnet import learned, model_files
from spinnet.errors import UserError
from spinnet.own.ensemble import read_ensemble

__all__ = ["UserError", "read", "write"]
torch.set_num_threads(1)
FAMILY = 8  # files of one parent; several parents are made of a seed
SETTINGS = {
    "name": "mine", "temperature": 2.5, "variable": None, "tile": None, "pixels_per_site": 1,
    "train": 16, "validation": 2, "test": 2,
}  # fmt: skip


def write(seed, number):
    """Make the file in the working directory; returns its path."""
    random = np.random.default_rng([seed, number])
    suffix = list(seeds.KINDS)[number % len(seeds.KINDS)]
    data, blocks = _parent(suffix, seed, number // FAMILY // len(seeds.KINDS))
    other = _parent(suffix, seed, max(0, number // FAMILY // len(seeds.KINDS) - 1))[0]
    path = Path(f"file{suffix}")
    if suffix == ".safetensors":
        (weights, header), (others, text) = data, other
        if random.random() < 0.5:
            weights = mutations.mutate(weights, others, random)
        else:
            header = mutations.mutate(header, text, random)
        path.with_suffix(".json").write_bytes(header)
        path.write_bytes(weights)
        return path
    damaged = mutations.mutate(data, other, random)
    if suffix == ".png" and random.random() < 0.9:
        damaged = mutations.png_sealed(damaged)
    elif blocks and random.random() < 0.9:
        damaged = mutations.resealed(damaged, blocks)
    path.write_bytes(damaged)
    return path


@lru_cache(32)
def _parent(suffix, seed, family):
    """(bytes, sealed blocks) of an undamaged file; builders refuse some of their own combinations."""
    for attempt in range(100):
        random = np.random.default_rng([seed, family, list(seeds.KINDS).index(suffix), attempt, 1])
        try:
            data = seeds.KINDS[suffix](random)
        except (OSError, TypeError):  # of encoders of TIFF, and of HDF5 filters for other types
            continue
        blocks = mutations.sealed_blocks(data) if suffix in (".h5", ".nc") and data[:4] == b"\x89HDF" else []
        return data, blocks
    raise RuntimeError(f"no file of the kind {suffix} could be made")


def warm():
    """Let the libraries compile and load what they need."""
    np.save("file.npy", np.random.default_rng(1).integers(0, 2, (200, 4, 4)))
    read(Path("file.npy"))


def read(path):
    """Read a file as a job of the workflow does."""
    if path.suffix == ".safetensors":
        return _model(path)
    choice = path.stat().st_size % 8  # of settings, without a further file
    if path.suffix in (".png", ".tif"):
        return read_ensemble([path], SETTINGS | {"tile": (4, 8, None)[choice % 3], "pixels_per_site": 1 + choice % 2})
    return read_ensemble(
        [path], SETTINGS | {"variable": "spins" if choice % 2 else None} if path.suffix != ".npy" else SETTINGS
    )


def _model(path):
    """Terms of a log weight from a model file, as `io.read_model` reads it behind its seal."""
    try:
        arrays, header = model_files.load(path, path.with_suffix(".json"))
    except ValueError as error:
        raise UserError(f"{path}: cannot be read ({error})") from None
    rows = round(header["sites"] ** 0.5)
    values = np.random.default_rng(1).choice(header["alphabet"], (4, rows, rows))
    return learned.log_weight(arrays, header)(values)
