"""What may happen to a file of results: each kind of corruption gives {path: content that is there instead}."""

import os
import re
import tempfile
from contextlib import contextmanager
from pathlib import Path

import netCDF4
import pytest

from spinnet import io
from spinnet.documents import CSVW
from spinnet.seal import DIGITS, MARK, PLACEHOLDER, seal
from spinnet.stamps import claimed_stamp
from spinnet.verify import APART, PARTNERS, problems

BLOCK = 64  # bytes
MODELS = {"models": "network", "rg/models": "classifier", "operators/models": "operator network"}


class Tree:
    """Files of a finished run by type, and the same files of a run with another seed."""

    def __init__(self, results, other):
        self.results, self.other = Path(results), Path(other)
        found = (p for p in sorted(self.results.rglob("*.*")) if p.is_file())
        self.files = [p for p in found if p.relative_to(self.results).parts[0] not in APART]
        self.kinds = {path: self._kind(path) for path in self.files}
        self.stamps = {path: claimed_stamp(path) for path in self.files if not path.name.endswith(CSVW)}

    def of(self, kind):
        return [path for path in self.files if self.kinds[path] == kind]

    def _kind(self, path):
        if path.suffix == ".nc":
            with netCDF4.Dataset(path) as file:
                kind = file.schema
            return "chunk of a sweep" if path.parent.parent.name == "sweeps" else kind
        if path.name.endswith(CSVW):
            return "metadata of a table"
        if path.suffix in PARTNERS:
            family = MODELS[str(path.parent.relative_to(self.results))]
            return f"{family}, {'weights' if path.suffix == '.safetensors' else 'header'}"
        return {".pdf": "figure", ".csv": "table", ".md": "text", ".html": "page"}[path.suffix]

    def consumers(self, path):
        """Artifacts that were made from this one."""
        name = f"results/{path.relative_to(self.results)}"
        return [other for other, stamp in self.stamps.items() if name in stamp["inputs"]]

    def partner(self, path):
        """The other file of a model or a table."""
        if path.suffix == ".csv":
            return Path(f"{path}{CSVW}")
        if path.name.endswith(CSVW):
            return Path(str(path).removesuffix(CSVW))
        return path.with_suffix(PARTNERS[path.suffix]) if path.suffix in PARTNERS else None

    def pair(self, path):
        return [p for p in (path, self.partner(path)) if p]

    def artifact(self, path):
        """The file that carries the provenance's name: a table's metadata belong to the table."""
        return self.partner(path) if path.name.endswith(CSVW) else path

    def way_to_a_figure(self, path, without):
        """Files from one made of `path` to the nearest figure or table, none of whose names begins with `without`."""
        ways, seen = [[consumer] for consumer in self.consumers(path)], set()
        while ways:
            way = ways.pop(0)
            if way[-1].suffix in (".pdf", ".csv") and not way[-1].name.startswith(without):
                return way
            if way[-1] not in seen and not way[-1].name.startswith(without):
                seen.add(way[-1])
                ways += [[*way, consumer] for consumer in self.consumers(way[-1])]
        return None


@contextmanager
def put(contents, keep=False):
    """Files {path: content, None for none} for a while, with the times of those that were there.

    keep: leave what is there at the end, unless something failed.
    """
    before = {path: (path.read_bytes(), path.stat()) for path in contents}
    try:
        for path, content in contents.items():
            _place(path, content, before[path][1])
        yield
    except BaseException:
        keep = False
        raise
    finally:
        if not keep:
            for path, (content, status) in before.items():
                _place(path, content, status)


def _place(path, content, status):
    if content is None:
        path.unlink()
        return
    path.write_bytes(content)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def check(tree, contents):
    """Readers and verify refuse these contents, which are there now; verify blames nothing else."""
    wrong = {tree.artifact(path) for path in contents}
    near = {p for path in contents for p in (*tree.pair(tree.artifact(path)), *tree.consumers(path))}
    near = {tree.artifact(path) for path in near}
    settings = {path: tree.stamps[path]["settings"] for path in near}
    assert set(problems(settings)) == wrong
    blamed = set(problems(dict.fromkeys(near)))
    # without the settings of the workflow, what is made of a whole file of another seed shows that it is the wrong one
    assert blamed or not any(tree.consumers(path) for path in contents)
    if blamed != wrong:  # whole files that fit their name and inputs, but not the files beside them or made of them
        assert blamed <= near
        assert all(claimed_stamp(p)["settings"] != tree.stamps[p]["settings"] for p in wrong)
    for path in blamed:
        refuse(path, tree.kinds[path])


def refuse(path, kind):
    """What reads a file in a job gives one sentence that names it and the command that rebuilds it."""
    if path.suffix in (".pdf", ".csv", ".md"):  # no job reads these
        return
    partner = path.with_suffix(PARTNERS.get(path.suffix, path.suffix))
    model = path.suffix in PARTNERS
    with pytest.raises(io.DataError) as caught:
        io.read_model(path.with_suffix(".safetensors")) if model else io.read(path, kind.replace("chunk of a ", ""))
    sentence = str(caught.value)
    assert "\n" not in sentence
    assert any(f"{p}: " in sentence and f"rebuild it with: snakemake --cores 1 --force {p}" in sentence
               for p in (path, partner)), sentence  # fmt: skip


def truncated(_, path, rng):
    content = path.read_bytes()
    return {path: content[: rng.randrange(1, len(content))]}


def emptied(_, path, __):
    return {path: b""}


def appended(_, path, rng):
    return {path: path.read_bytes() + rng.randbytes(rng.randrange(1, 100))}


def one_bit(_, path, rng):
    return {path: _flipped(path, rng, 0, path.stat().st_size)}


def one_bit_of_the_seal(_, path, rng):
    start = path.read_bytes().rfind(MARK)
    return {path: _flipped(path, rng, start, start + len(MARK) + DIGITS)} if start >= 0 else {}


def _flipped(path, rng, start, end):
    content = bytearray(path.read_bytes())
    content[rng.randrange(start, end)] ^= 1 << rng.randrange(8)
    return bytes(content)


def zeroed_block(_, path, rng):
    content = path.read_bytes()
    starts = [at for at in range(0, len(content), BLOCK) if any(content[at : at + BLOCK])]
    at = rng.choice(starts)
    return {path: content[:at] + bytes(len(content[at : at + BLOCK])) + content[at + BLOCK :]}


def another_format(tree, path, rng):
    return {path: rng.choice([p for p in tree.files if p.suffix != path.suffix]).read_bytes()}


def another_kind(tree, path, rng):
    others = [p for p in tree.files if p.suffix == path.suffix and tree.kinds[p] != tree.kinds[path]]
    return {path: rng.choice(others).read_bytes()} if others else {}


def of_another_name(tree, path, rng):
    """A whole file of the same type, as of another ensemble, model or temperature."""
    other = _other(tree, path, rng)
    return {path: other.read_bytes()} if other else {}


def pair_of_another_name(tree, path, rng):
    """Weights and header, or table and metadata, of another name."""
    other = _other(tree, path, rng)
    if not other or not tree.partner(path):
        return {}
    return {p: q.read_bytes() for p, q in zip(tree.pair(path), tree.pair(other), strict=True)}


def exchanged(tree, path, rng):
    other = _other(tree, path, rng)
    return {path: other.read_bytes(), other: path.read_bytes()} if other else {}


def _other(tree, path, rng):
    others = [p for p in tree.of(tree.kinds[path]) if p.read_bytes() != path.read_bytes()]
    return rng.choice(others) if others else None


def older_format(_, path, __):
    """The file as a version of this workflow with another format would have written it, with a seal that fits."""
    with tempfile.TemporaryDirectory() as folder:
        older = Path(folder, path.name)
        content = path.read_bytes()
        older.write_bytes(re.sub(rb'(format\\?": )1', rb"\g<1>0", content))
        if path.suffix == ".nc":
            older.write_bytes(content[: -len(PLACEHOLDER)])
            with netCDF4.Dataset(older, "a") as file:
                file.setncattr("format", 0)
            with older.open("ab") as file:
                file.write(PLACEHOLDER.encode())
        if path.suffix == ".csv":
            return {}
        seal(older)
        return {path: older.read_bytes()}


def another_seed(tree, path, _):
    """The file as a run with another seed made it."""
    other = tree.other / path.relative_to(tree.results)
    return {path: other.read_bytes()} if other.is_file() and other.read_bytes() != path.read_bytes() else {}


def pair_of_another_seed(tree, path, rng):
    pair = {p: c for q in tree.pair(path) for p, c in another_seed(tree, q, rng).items()}
    return pair if len(pair) == 2 else {}


ALL = (
    truncated, emptied, appended, one_bit, one_bit_of_the_seal, zeroed_block, another_format, another_kind,
    of_another_name, pair_of_another_name, exchanged, older_format, another_seed, pair_of_another_seed,
)  # fmt: skip
