"""Two-valued configurations from a user's images: grey or colour, PNG or TIFF, one or many pages."""

import os

import numpy as np
from PIL import Image
from skimage.color import rgb2gray
from skimage.filters import threshold_otsu
from skimage.transform import downscale_local_mean

from spinnet.errors import UserError
from spinnet.own.read_arrays import RATIO, check_size
from spinnet.sentences import short

SUFFIXES = (".png", ".tif", ".tiff")
GREY_MODES = ("1", "L", "I", "F", "I;16", "I;16B", "I;16L")


def read_images(paths, tile=None, pixels_per_site=1):
    """Configurations (n, L, L) of +-1, int8, and the contrast (images,) of each image.

    Sites are means over pixels_per_site x pixels_per_site pixels; those brighter than the image's own threshold are
    +1 (N. Otsu, IEEE Trans. Syst. Man Cybern. 9, 62 (1979)).  Images are cut into tiles of L x L sites; without
    `tile` an image is one configuration.  The contrast is the part of the variance of the grey levels that lies
    between the two classes: 1 without noise, 2/pi for Gaussian noise alone.  Pillow reads the files, as readers of
    multi-file TIFF follow names inside the file.  Raises UserError.
    """
    configurations, contrasts, pixels = [], [], 0
    for path in paths:
        for name, grey in _pages(path):
            pixels += grey.size
            check_size(name, (pixels,), 1)
            sites = _sites(name, grey, pixels_per_site, tile)
            spins, contrast = _threshold(name, sites)
            configurations.append(_tiles(spins, tile or len(spins)))
            contrasts.append(contrast)
            if configurations[-1].shape[1:] != configurations[0].shape[1:]:
                found = configurations[0].shape[1], len(spins)
                raise UserError(f"{name}: images of mixed sizes, {found[0]} and {found[1]} sites; set `tile`")
    return np.concatenate(configurations), np.array(contrasts)


def _pages(path):
    """(name, grey levels (rows, columns), float64) of each page; one is refused by its header if it is too large."""
    name = str(path)
    try:
        with Image.open(path, formats=("PNG", "TIFF")) as image:
            count = getattr(image, "n_frames", 1)
            for page in range(count):
                name = f"{path}, page {page + 1}" if count > 1 else str(path)
                image.seek(page)
                shape = (*image.size, len(image.getbands()))
                check_size(name, shape, 8)
                check_size(
                    name, shape, 1, (8 if shape[2] == 1 else 1) * RATIO * os.path.getsize(path)
                )  # grey may be bits
                yield name, _grey(image)
    except UserError:
        raise
    except Exception as error:  # a broken file may raise anything in the library that reads it
        raise UserError(f"{name}: cannot be read as PNG or TIFF ({short(error) or type(error).__name__})") from None


def _grey(image):
    """Grey levels (rows, columns), float64, of a page."""
    if image.mode in GREY_MODES:
        return np.asarray(image).astype(float)
    return rgb2gray(np.asarray(image.convert("RGB")))


def _sites(name, grey, pixels, tile):
    """Mean grey level of each site; pixels that fill no site or tile are cut off if there are tiles."""
    rows, columns = grey.shape
    if not np.isfinite(grey).all():
        raise UserError(f"{name}: found NaN or infinite grey levels; allowed are finite ones")
    if tile is None and (rows != columns or rows % pixels):
        raise UserError(
            f"{name}: found {rows} x {columns} pixels; without `tile` images are square, with a multiple of "
            f"pixels_per_site ({pixels}) on each side"
        )
    step = pixels * (tile or 1)
    if min(rows, columns) < step:
        raise UserError(f"{name}: found {rows} x {columns} pixels; a tile needs {step} x {step}")
    return downscale_local_mean(grey[: rows - rows % step, : columns - columns % step], (pixels, pixels))


def _threshold(name, sites):
    """+-1 by Otsu's threshold, and the contrast.

    Otsu's threshold lies midway between the means of the two classes; the library's is the centre of a bin of its
    histogram, so one step towards the midpoint is taken.
    """
    if np.ptp(sites) <= 1e-9 * np.abs(sites).max():  # rounding of the means of equal pixels
        raise UserError(f"{name}: found one grey level ({sites.flat[0]:g}) everywhere; a threshold needs two")
    rough = sites > threshold_otsu(sites)
    bright = sites > (sites[rough].mean() + sites[~rough].mean()) / 2
    part = bright.mean()
    between = part * (1 - part) * (sites[bright].mean() - sites[~bright].mean()) ** 2
    return np.where(bright, 1, -1).astype(np.int8), between / sites.var()


def _tiles(spins, size):
    """(tiles, L, L) of one image, row by row."""
    rows, columns = (n // size for n in spins.shape)
    return spins.reshape(rows, size, columns, size).swapaxes(1, 2).reshape(-1, size, size)
