"""Seeds and versions of packages behind files of results."""

from collections import defaultdict
from pathlib import Path

from spinnet import provenance
from spinnet.seal import SealError
from spinnet.stamps import claimed_stamp


def origins(paths):
    """(seeds, versions) of files and of all that they were made from, as far as it is there.

    seeds: list of int; versions: {package: list of the versions that wrote one of these files}.
    """
    found, queue = {}, [str(path) for path in paths]
    while queue:
        path = queue.pop()
        if path in found or not Path(path).is_file():
            continue
        try:
            found[path] = claimed_stamp(path)
        except (SealError, OSError, KeyError):  # a user's own file, or one that is damaged, which `make verify` says
            continue
        root = Path(path.removesuffix(provenance.name(path)))
        queue.extend(str(root / other) for other in found[path]["inputs"])
    seeds = {stamp["settings"]["seed"] for stamp in found.values() if "seed" in stamp["settings"]}
    versions = defaultdict(set)
    for stamp in found.values():
        for package, version in stamp["software"].items():
            versions[package].add(version)
    return sorted(seeds), {package: sorted(versions[package]) for package in sorted(versions, key=str.lower)}
