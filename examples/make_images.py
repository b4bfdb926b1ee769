"""Images of Ising configurations with grey levels, blur and noise, for docs/own_configurations.md.

    PYTHONPATH=workflow/scripts python examples/make_images.py images

writes images/0000.png ... and images/spins.npy, the configurations behind them.
"""

import argparse
from pathlib import Path

import numpy as np
from PIL import Image
from scipy.ndimage import gaussian_filter

from spinnet import ensembles
from spinnet.rng import generator

PIXELS = 4  # a side of a site
DARK, BRIGHT = 90.0, 160.0  # grey levels of -1 and +1
BLUR, NOISE = 1.0, 20.0  # pixels, grey levels


def draw(spins, random):
    """Grey levels (n, PIXELS L, PIXELS L), uint8, of spins (n, L, L) of +-1."""
    levels = np.where(spins > 0, BRIGHT, DARK).repeat(PIXELS, axis=1).repeat(PIXELS, axis=2)
    blurred = gaussian_filter(levels, (0, BLUR, BLUR), mode="wrap")
    return np.clip(np.rint(blurred + random.normal(0, NOISE, levels.shape)), 0, 255).astype(np.uint8)


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--number", type=int, default=2000, help="images; a multiple of 20")
    arguments.add_argument("--seed", type=int, default=1)
    chosen = arguments.parse_args()
    settings = {
        "seed": chosen.seed, "name": "images", "size": 16, "sampler": "wolff", "temperatures": [2.5],
        "chains": 20, "samples": chosen.number // 20, "thinning": 2.0,
    }  # fmt: skip
    spins = ensembles.sample(settings, iter)["spins"].values[0]
    chosen.folder.mkdir(parents=True, exist_ok=True)
    np.save(chosen.folder / "spins.npy", spins)
    for number, image in enumerate(draw(spins, generator(chosen.seed, "images", "noise"))):
        Image.fromarray(image).save(chosen.folder / f"{number:04d}.png")


if __name__ == "__main__":
    main()
