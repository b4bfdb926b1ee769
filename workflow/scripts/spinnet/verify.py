"""Whether files of results are what they say: whole, under their own name, made of what is there now."""

import json
import sys
from pathlib import Path

from spinnet import provenance, rebuild
from spinnet.digest import code_digest
from spinnet.documents import CSVW
from spinnet.errors import UserError
from spinnet.seal import SealError, stored
from spinnet.stamps import READERS, claimed_stamp, read_stamp

APART = ("logs", "benchmarks", "checkpoints", "report.html", "report.zip")  # in results, and no artifacts
PARTNERS = {".safetensors": ".json", ".json": ".safetensors"}
SCRIPTS = Path(__file__).resolve().parents[1]
RULES = SCRIPTS.parents[1] / "rules"


def artifacts(folder):
    """Paths of all files in the folder of results that are or should be artifacts, in order."""
    files = (p for p in Path(folder).rglob("*") if p.is_file() or p.is_symlink())
    found = (p for p in files if p.relative_to(folder).parts[0] not in APART)
    return sorted(p for p in found if not (p.name.endswith(CSVW) and Path(str(p).removesuffix(CSVW)).is_file()))


def problem(path, settings=None):
    """What is wrong with one artifact, as the rest of a sentence; None if nothing is. Settings as for `problems`."""
    return problems({path: settings}).get(path)


def problems(settings, unread=()):
    """What is wrong with artifacts: {path: the rest of a sentence}.

    settings: {path: those of its job in the workflow as it is now}, None where they are not known; there the code
    alone is compared.  unread: paths that no job is going to read; damage to these does not matter.
    """
    walk = _Walk(settings, unread)
    found = {path: walk.problem(path) for path in settings}
    return {path: reason for path, reason in found.items() if reason and not (path in unread and walk.damage(path))}


class _Walk:
    """Judges each file once, and none by an input that is wrong itself."""

    def __init__(self, settings, unread):
        self.settings, self.unread = settings, unread
        self.stamps, self.found, self.gone = {}, {}, {}

    def problem(self, path):
        if path not in self.found:
            self.found[path] = None  # ends the walk where files name each other as inputs
            self.found[path] = self.alone(path) or self._pair(path) or self._inputs(path)
        return self.found[path]

    def alone(self, path):
        """What is wrong with a file whatever the others are."""
        if damage := self.damage(path):
            return damage
        stamp, expected = self.stamps[path], self.settings.get(path)
        if found := provenance.complaint(path, stamp):
            return found
        if expected is None:
            return _code(stamp["settings"])
        same = stamp["settings"] == json.loads(json.dumps(expected))
        return None if same else "was made with other settings than those of now"

    def damage(self, path):
        if not _known(path):
            return "is not a file that this workflow makes"
        try:
            if path not in self.stamps:
                self.stamps[path] = claimed_stamp(path) if path in self.unread else read_stamp(path)
        except (SealError, OSError) as error:
            return f"cannot be trusted ({error})"
        return None

    def _pair(self, path):
        if path.suffix not in PARTNERS:
            return None
        partner = path.with_suffix(PARTNERS[path.suffix])
        if not partner.is_file():
            return f"has no {partner.name} beside it"
        if self.alone(partner):
            return None
        header, weights = sorted((path, partner))
        return None if self.stamps[header]["weights"] == stored(weights) else f"is no pair with {partner.name}"

    def _inputs(self, path):
        """Inputs that are there with another content, a user's own files too; gone is allowed."""
        root = Path(str(path).removesuffix(provenance.name(path)))
        for other, digest in self.stamps[path]["inputs"].items():
            source = root / other
            if Path(other).parts[:2] == (provenance.RESULTS, "benchmarks"):  # times differ from run to run
                continue
            if not source.is_file():
                if self.gone.setdefault(source, digest) != digest:
                    return f"was made from another version of {other}, which is gone, than other files"
            elif provenance.checksum(source) != digest and not (_is_artifact(other) and self.problem(source)):
                return f"was made from another version of {other}"
        return None


def _known(path):
    """Whether the workflow makes files of this type; the metadata of a table are judged with it."""
    return path.suffix in READERS and not path.name.endswith(CSVW)


def _is_artifact(name):
    return Path(name).parts[0] == provenance.RESULTS


def _code(settings):
    script = SCRIPTS / settings.get("script", "")
    if not script.is_file() or code_digest(script) != settings["code"]:
        return "was made by another version of the code"
    return None


def refuse_stale(dag):
    """Before any job starts: every finished file that a job is going to read is the one that the workflow describes.

    So are those that it was made from, as far as they are there.  Of a workflow that uses this one as a module nothing
    is known.  dag: that of Snakemake.  Raises UserError with a line for each file.
    """
    waiting = list(dag.needrun_jobs())
    read = {str(path) for job in waiting for path in job.input}
    finished = [job for job in _sources(dag, waiting) if _is_ours(job) and not dag.needrun(job)]
    settings = {Path(p): dict(job.params.settings) for job in finished for p in job.output if Path(p).is_file()}
    if found := problems(settings, {path for path in settings if str(path) not in read}):
        lines = "\n".join(f"{path}: {reason}" for path, reason in found.items())
        raise UserError(f"{lines}\nrebuild with: {rebuild.command(*found)}")


def _is_ours(job):
    return Path(job.rule.snakefile).resolve().parent == RULES


def _sources(dag, jobs):
    """All jobs that these depend on, directly or not."""
    found, queue = set(), list(jobs)
    while queue:
        new = set(dag.dependencies[queue.pop()]) - found
        found |= new
        queue.extend(new)
    return found


def main(folder):
    """Check every artifact in a folder; returns the number of those with a problem."""
    paths = artifacts(folder)
    found = problems(dict.fromkeys(paths))
    for path, reason in found.items():
        remedy = f"rebuild it with: {rebuild.command(path)}" if _known(path) else "remove it"
        print(f"{path}: {reason}; {remedy}")
    print(f"{len(paths)} files in {folder}, {len(paths) - len(found)} as they were made, {len(found)} not")
    return len(found)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]) > 0)
