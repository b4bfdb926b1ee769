"""Names of the orders of `orders`, which loads Numba; the configuration does without."""

RANDOM = ("random", "random_1", "random_2", "random_3", "random_4")
ORDERS = ("raster", "column", "checkerboard", "spiral", "hierarchical", *RANDOM)
