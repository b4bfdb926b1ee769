"""A finished run as a Workflow Run RO-Crate: ro-crate-metadata.json, from what the files of results say they are."""

import hashlib
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

from rocrate.model.contextentity import ContextEntity
from rocrate.rocrate import ROCrate

from spinnet.provenance import RESULTS
from spinnet.seal import SealError
from spinnet.stamps import read_stamp
from spinnet.verify import artifacts

VERSION = "1.1"  # of RO-Crate; that on which the profiles build
PROFILES = {
    "https://w3id.org/ro/wfrun/process/0.5": "Process Run Crate",
    "https://w3id.org/ro/wfrun/workflow/0.5": "Workflow Run Crate",
    "https://w3id.org/workflowhub/workflow-ro-crate/1.0": "Workflow RO-Crate",
}
FORMATS = {
    ".nc": "application/x-netcdf", ".csv": "text/csv", ".pdf": "application/pdf", ".json": "application/json",
    ".md": "text/markdown", ".html": "text/html", ".safetensors": "application/octet-stream",
}  # fmt: skip


def crate_of(root, stamps):
    """The crate of a folder: a file for each result and each of its sources, an action for each job.

    stamps: {path of a result below root: its provenance}.  Sources that are gone are left out.
    """
    crate = ROCrate(version=VERSION)
    crate.metadata.extra_terms["sha256"] = "https://w3id.org/ro/terms/workflow-run#sha256"
    root_entity = crate.root_dataset
    crate.name = "Results of neural-hamiltonians"
    crate.description = f"{len(stamps)} files of a run of the Snakemake workflow, and what made each"
    crate.license = _entity(crate, "https://spdx.org/licenses/MIT", "CreativeWork", "MIT License")
    root_entity["author"] = _entity(crate, "#authors", "Organization", "The neural-hamiltonians authors")
    root_entity["conformsTo"] = [_entity(crate, profile, "CreativeWork", name) for profile, name in PROFILES.items()]
    workflow = crate.add_workflow(root / "Snakefile", "Snakefile", main=True, lang="snakemake")
    workflow["name"] = "neural-hamiltonians"
    versions = {pair for stamp in stamps.values() for pair in stamp["software"].items()}
    workflow["softwareRequirements"] = [_package(crate, *pair) for pair in sorted(versions)]
    jobs = {}
    for name, stamp in stamps.items():
        jobs.setdefault(json.dumps([stamp["settings"], stamp["inputs"]], sort_keys=True), []).append(name)
    actions = [_action(crate, root, names, stamps[names[0]]) for names in jobs.values()]
    results = [crate.get(name) for name in stamps]
    whole = crate.add_action(workflow, "#run", result=results, properties={"name": "run of the workflow"})
    whole["endTime"] = max(action["endTime"] for action in actions)
    root_entity["mentions"] = [whole, *actions]
    return crate


def _entity(crate, identifier, kind, name, **properties):
    return crate.add(ContextEntity(crate, identifier, {"@type": kind, "name": name, **properties}))


def _package(crate, name, version):
    address = f"https://pypi.org/project/{name}/{version.partition('+')[0]}/"
    return _entity(crate, address, "SoftwareApplication", name, softwareVersion=version, url=address)


def _action(crate, root, names, stamp):
    """What one job did: its script, its settings, the files that it read and those that it wrote."""
    settings, ended = stamp["settings"], max((root / name).stat().st_mtime for name in names)
    script = _file(crate, root, f"workflow/scripts/{settings['script']}", ["File", "SoftwareSourceCode"])
    script["version"] = settings["code"]
    sources, results = (
        [_file(crate, root, n) for n in group if (root / n).is_file()] for group in (stamp["inputs"], names)
    )
    properties = {
        "name": f"{settings['script']} for {names[0]}", "description": json.dumps(settings),
        "endTime": datetime.fromtimestamp(ended, UTC).isoformat(timespec="seconds"),
    }  # fmt: skip
    return crate.add_action(script, f"#{names[0]}", _compact(sources), _compact(results), properties)


def _compact(entities):
    """One alone is no list in JSON-LD."""
    return entities[0] if len(entities) == 1 else entities


def _file(crate, root, name, kind="File"):
    if found := crate.get(name):
        return found
    path = root / name
    with open(path, "rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()  # of all bytes; a seal leaves itself out
    properties = {
        "@type": kind, "name": path.name, "sha256": digest, "contentSize": str(path.stat().st_size),
        "encodingFormat": FORMATS.get(path.suffix, "text/plain"),
    }  # fmt: skip
    return crate.add_file(path, name, properties=properties)


def _stamp(path):
    try:
        return read_stamp(path)
    except (SealError, OSError) as error:
        sys.exit(f"{path}: cannot be trusted ({error}); see `make verify`")


def main(root):
    """Write the metadata beside the Snakefile; the files stay where they are."""
    stamps = {str(path.relative_to(root)): _stamp(path) for path in artifacts(root / RESULTS)}
    if not stamps:
        sys.exit(f"{RESULTS}/ is empty: there is no run to describe")
    crate = crate_of(root, stamps)
    crate.metadata.write(root)
    print(f"ro-crate-metadata.json: {len(stamps)} results, {len(crate.root_dataset['mentions']) - 1} jobs")


if __name__ == "__main__":
    main(Path())
