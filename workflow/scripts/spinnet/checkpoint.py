"""Checkpoints: what a job has done is saved every so many seconds, and a later run of it goes on from there.

The file is results/checkpoints/<output>.safetensors: arrays and JSON, nothing that is executed.  It is named in no
rule.  It holds for one job alone, that is for its output, settings (with the digest of its code), inputs and versions
of packages; any other one, and a damaged one, is ignored.  What a job computes does not depend on when it was saved,
nor on whether.
"""

import hashlib
import json
import math
import os
import time
from pathlib import Path

from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from spinnet import nested, provenance
from spinnet.files import atomic
from spinnet.seal import PLACEHOLDER, SealError, seal, sealed

INTERVAL = "SPINNET_CHECKPOINT_SECONDS"  # environment variable, set by rules/common.smk: no rerun when it changes


class _File:
    """The states of a job's parts {name: state}, and the results of those that are finished, as a file."""

    def __init__(self, path, key, seconds):
        self.path, self.key, self.seconds = Path(path), key, seconds
        self.states, self.results = self._read() if self.path.exists() else ({}, {})
        self._last = time.monotonic()

    def due(self):
        return time.monotonic() - self._last >= self.seconds

    def write(self):
        arrays = []
        form = nested.flatten((self.states, self.results), arrays)
        metadata = {"seal": PLACEHOLDER, "key": self.key, "form": json.dumps(form)}
        with atomic(self.path) as partial:
            save_file({str(n): a for n, a in enumerate(arrays)}, partial, metadata)
            seal(partial)
        self._last = time.monotonic()

    def _read(self):
        try:
            sealed(self.path)
            with safe_open(self.path, "np") as file:
                if file.metadata()["key"] != self.key:
                    raise ValueError("it is of other settings, inputs, code or packages")
                form = json.loads(file.metadata()["form"])
                found = nested.restore(form, [file.get_tensor(str(n)) for n in range(len(file.keys()))])
        except (SealError, SafetensorError, OSError, ValueError, TypeError, LookupError, RecursionError) as reason:
            print(f"{self.path}: not used, {reason}; this job begins anew")
            return {}, {}
        print(f"{self.path}: this job goes on from there")
        return found


class Checkpoint:
    """Place of a part of a job, and of its own parts, in the checkpoint of the job; without a file it does nothing.

    States and results are nested values as in `nested`.  They must not change after they were handed over.
    """

    def __init__(self, file=None, name=""):
        self._file, self._name = file, name

    @classmethod
    def at(cls, path, key, seconds):
        """Checkpoint at a path, for jobs of this key, that is saved every so many seconds."""
        return cls(_File(path, key, seconds))

    @classmethod
    def of(cls, snakemake):
        """Checkpoint of a job, named after its first output."""
        output, settings = snakemake.output[0], dict(snakemake.params.settings)
        identity = provenance.text(provenance.stamp(output, settings))
        path = Path("results", "checkpoints", *Path(provenance.name(output)).parts[1:]).with_suffix(".safetensors")
        seconds = float(os.environ.get(INTERVAL, math.inf))
        return cls.at(path, hashlib.sha256(identity.encode()).hexdigest(), seconds)

    @property
    def place(self):
        """Arguments of `at` for the processes of a job that work together; None without a file."""
        return self._file and (str(self._file.path), self._file.key, self._file.seconds)

    def part(self, name):
        """Checkpoint of a part of this one."""
        return Checkpoint(self._file, f"{self._name}/{name}")

    def due(self):
        """Whether the next `save` will write the file; asking takes less than a microsecond."""
        return self._file is not None and self._file.due()

    def restore(self):
        """The last state of this part, or None.  It is to be copied, not changed."""
        return self._file.states.get(self._name) if self._file else None

    def save(self, state):
        """Hand over the state of this part, which replaces those of its own parts; write the file if that is due."""
        if self._file:
            self._forget_parts()
            self._file.states[self._name] = state
            if self._file.due():
                self._file.write()

    def once(self, name, function):
        """function(checkpoint of the part `name`), or its result in an earlier run of the job."""
        if not self._file:
            return function(self)
        part = self.part(name)
        if part._name not in self._file.results:
            result = function(part)
            part._forget_parts()
            self._file.states.pop(part._name, None)
            self._file.results[part._name] = result
            if self._file.due():
                self._file.write()
        return self._file.results[part._name]

    def map(self, function, items, progress):
        """[function(item, checkpoint of its part)] of each item of a sequence, see `once`; progress sees the rest."""
        results = self._file.results if self._file else {}
        done = 0
        while self.part(done)._name in results:
            done += 1
        found = [results[self.part(n)._name] for n in range(done)]
        for n, item in enumerate(progress(items[done:]), done):
            found.append(self.once(n, lambda part, item=item: function(item, part)))
        return found

    def _forget_parts(self):
        for known in (self._file.states, self._file.results):
            for name in [n for n in known if n.startswith(f"{self._name}/")]:
                del known[name]

    def remove(self):
        """Remove the file, and what a kill left of one: the job has written its output."""
        if self._file:
            path = self._file.path
            for left in (path, *path.parent.glob(f".{path.name}.*.partial")):
                left.unlink(missing_ok=True)


NONE = Checkpoint()
