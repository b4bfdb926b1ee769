"""Two-valued configurations from a user's images: grey or colour, PNG or TIFF, one or many pages."""

import numpy as np
from PIL import Image
from skimage.color import rgb2gray
from skimage.filters import threshold_otsu
from skimage.transform import downscale_local_mean

from spinnet.errors import UserError
from spinnet.own.read_arrays import check_size

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
    counts = [_check(path) for path in paths]
    configurations, contrasts = [], []
    for path, count in zip(paths, counts, strict=True):
        for page in range(count):
            name = f"{path}, page {page + 1}" if count > 1 else str(path)
            sites = _sites(name, _grey(path, page), pixels_per_site, tile)
            spins, contrast = _threshold(name, sites)
            configurations.append(_tiles(spins, tile or len(spins)))
            contrasts.append(contrast)
            if configurations[-1].shape[1:] != configurations[0].shape[1:]:
                found = configurations[0].shape[1], len(spins)
                raise UserError(f"{name}: images of mixed sizes, {found[0]} and {found[1]} sites; set `tile`")
    return np.concatenate(configurations), np.array(contrasts)


def _check(path):
    """Number of pages of an image, from its header; refuses what is too large."""
    try:
        with Image.open(path, formats=("PNG", "TIFF")) as image:
            pages = getattr(image, "n_frames", 1)
            check_size(path, (pages, *image.size, len(image.getbands())), 8)
            return pages
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        raise UserError(f"{path}: cannot be read as PNG or TIFF ({error})") from None


def _grey(path, page):
    """Grey levels (rows, columns), float64."""
    try:
        with Image.open(path, formats=("PNG", "TIFF")) as image:
            image.seek(page)
            if image.mode in GREY_MODES:
                return np.asarray(image).astype(float)
            return rgb2gray(np.asarray(image.convert("RGB")))
    except (OSError, ValueError, SyntaxError) as error:
        raise UserError(f"{path}: page {page + 1} cannot be read ({error})") from None


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
    if np.ptp(sites) == 0:
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
