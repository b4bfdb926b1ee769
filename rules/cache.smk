# Snakemake's cache between workflows, with --cache: ensembles and networks are taken from a folder or put there.
# Its keys hold settings, code and a user's own files, but no versions of packages: they name a folder in it.
import json
from hashlib import sha256

from spinnet import provenance

LOCATION = "SNAKEMAKE_OUTPUT_CACHE"


def cache_folder(location):
    """The folder for these versions of packages; a job on a cluster finds it already in its environment."""
    versions = json.dumps(provenance.versions(), sort_keys=True).encode()
    name = sha256(versions).hexdigest()[:16]
    folder = Path(location).resolve()  # links of results point into it
    return folder if folder.name == name else folder / name


if CACHE:
    if not os.environ.get(LOCATION):
        raise WorkflowError(f"--cache needs a folder, in the variable {LOCATION}")
    os.environ[LOCATION] = str(cache_folder(os.environ[LOCATION]))
    Path(os.environ[LOCATION]).mkdir(parents=True, exist_ok=True)
    for cached in [r for r in workflow.rules if r.cache.output]:
        cached._benchmark = None  # Snakemake refuses to cache rules with one
