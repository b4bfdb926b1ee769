"""Configuration of Sphinx: `make docs` builds the site from these pages and from the library's docstrings."""

import sys
import tomllib
from importlib.metadata import distribution
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "docs/_ext"))

meta = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
project, release = meta["name"], meta["version"]

extensions = ["myst_parser", "autoapi.extension", "sphinx.ext.mathjax", "library", "generated"]
exclude_patterns = ["_build"]
highlight_language = "none"  # of blocks that name no language
nitpicky = True

html_theme = "furo"
html_title = f"{project} {release}"
# One file, which has its glyphs in itself, so that formulas need no network.
mathjax = distribution("sphinx-mathjax-offline").locate_file("sphinx-mathjax-offline/static/mathjax/tex-svg.js")
html_static_path = ["_static", str(mathjax)]
mathjax_path = mathjax.name
html_css_files = ["site.css"]
html_copy_source = False
html_show_copyright = False

myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 3  # the same as on GitHub

# The library is parsed, not imported: the site needs neither torch nor numba.
autoapi_dirs = ["../workflow/scripts/spinnet"]
autoapi_root = "api"
autoapi_options = ["members", "undoc-members", "show-module-summary"]
autoapi_add_toctree_entry = False
suppress_warnings = ["autoapi.python_import_resolution"]  # constants that are assigned together are not parsed
