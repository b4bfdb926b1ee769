"""Compile every Numba kernel once into the cache that the jobs share.

Arguments: the numbers of hidden layers of the networks whose chains will run.
"""

import sys

from spinnet.kernels import compile_all

compile_all(map(int, sys.argv[1:]))
