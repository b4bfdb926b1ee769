"""Whether files of results are what they say: whole, under their own name, made of what is there now."""

import json
import sys
from pathlib import Path

from spinnet import provenance
from spinnet.digest import code_digest
from spinnet.documents import CSVW
from spinnet.errors import UserError
from spinnet.seal import SealError
from spinnet.stamps import READERS, read_stamp

APART = ("logs", "benchmarks", "checkpoints")  # folders of results that are no artifacts
SCRIPTS = Path(__file__).resolve().parents[1]


def artifacts(folder):
    """Paths of all artifacts in the folder of results, in order."""
    files = (p for p in Path(folder).rglob("*") if p.is_file() and p.relative_to(folder).parts[0] not in APART)
    return sorted(p for p in files if not p.name.endswith(CSVW))


def problem(path, settings=None):
    """What is wrong with one artifact, as the rest of a sentence; None if nothing is.

    settings: those of its job in the workflow as it is now, if they are known; else the code alone is compared.
    """
    if path.suffix not in READERS:
        return "is not a file that this workflow makes"
    try:
        stamp = read_stamp(path)
    except (SealError, OSError, ValueError, LookupError) as error:
        return f"cannot be trusted ({error})"
    found = provenance.complaint(path, stamp) or _outside(path, stamp)
    if found or settings is None:
        return found or _code(stamp["settings"])
    same = stamp["settings"] == json.loads(json.dumps(settings))
    return None if same else "was made with other settings than those of now"


def _outside(path, stamp):
    """Inputs that are not results, as a user's own files: gone is allowed, other is not."""
    root = Path(str(path).removesuffix(provenance.name(path)))
    for other, digest in stamp["inputs"].items():
        source = root / other
        if Path(other).parts[0] != provenance.RESULTS and source.is_file() and provenance.checksum(source) != digest:
            return f"was made from another version of {other}"
    return None


def _code(settings):
    script = SCRIPTS / settings.get("script", "")
    if not script.is_file() or code_digest(script) != settings["code"]:
        return "was made by another version of the code"
    return None


def refuse_stale(dag):
    """Before any job starts: every finished file that a job is going to read is the one that the workflow describes.

    dag: that of Snakemake.  Raises UserError with a line for each file.
    """
    needed = {str(path) for job in dag.needrun_jobs() for path in job.input}
    found = {}
    for job in dag.jobs:
        if not dag.needrun(job):
            read = [path for path in job.output if str(path) in needed]
            reasons = {path: problem(Path(path), dict(job.params.settings)) for path in read}
            found |= {path: reason for path, reason in reasons.items() if reason}
    if found:
        lines = "\n".join(f"{path}: {reason}" for path, reason in found.items())
        raise UserError(f"{lines}\nrebuild with: snakemake --cores 1 --force {' '.join(found)}")


def main(folder):
    """Check every artifact in a folder; returns the number of those with a problem."""
    paths, wrong = artifacts(folder), 0
    for path in paths:
        if reason := problem(path):
            wrong += 1
            print(f"{path}: {reason}; rebuild it with: snakemake --cores 1 --force {path}")
    print(f"{len(paths)} files in {folder}, {len(paths) - wrong} as they were made, {wrong} not")
    return wrong


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]) > 0)
