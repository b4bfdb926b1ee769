"""Data-parallel training: a copy of the network in each process, with shared gradients (Mills & Tamblyn, Sec. II).

Each process is this module as a program, started with a folder and its rank; torch's
DistributedDataParallel averages the gradients, over gloo on CPUs and NCCL on GPUs.
"""

import json
import math
import os
import subprocess
import sys
import tempfile
import threading
import time
from functools import partial
from pathlib import Path

import torch

from spinnet import io, job
from spinnet.checkpoint import NONE, Checkpoint
from spinnet.errors import UserError
from spinnet.operators.learning import learn

ROOT = Path(__file__).resolve().parents[2]


def learn_from_files(data, start, settings, progress, checkpoint=NONE):
    """As `learning.learn` with the files of its data and of its start (or None), in settings["processes"].

    Several processes have one checkpoint: the first one writes it, all of them go on from it.
    """
    if settings["processes"] == 1:
        arrays = io.read_model(start)[0] if start else None
        return learn(io.read(data, "operator data"), settings, progress, arrays, checkpoint=checkpoint)
    with tempfile.TemporaryDirectory() as folder:
        task = {"data": str(data), "start": start and str(start), "settings": settings}
        task["checkpoint"] = checkpoint.place
        (Path(folder) / "task.json").write_text(json.dumps(task))
        _wait([_start(folder, rank) for rank in range(settings["processes"])], settings["name"])
        return io.read_model(Path(folder) / "model.safetensors")


def _start(folder, rank):
    """Start one process, which ends with this one; the first one writes to the log of this one."""
    environment = os.environ | {"PYTHONPATH": str(ROOT), "GLOO_SOCKET_IFNAME": "lo"}
    output = sys.stdout if rank == 0 else subprocess.DEVNULL
    command = [sys.executable, "-m", "spinnet.operators.parallel", folder, str(rank)]
    return subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=output, stderr=sys.stderr)


def _end_with_parent():
    """End this process when its standard input does, which is a pipe from the one that started it."""
    os.read(0, 1)
    os._exit(1)


def _wait(processes, name):
    """Wait for all processes; one that fails ends the others, which would wait for it for ever."""
    try:
        while any(p.poll() is None for p in processes) and not any(p.poll() for p in processes):
            time.sleep(0.1)
        failed = [rank for rank, p in enumerate(processes) if p.poll()]
    finally:
        for p in processes:
            p.kill()
            p.wait()
            p.stdin.close()
    if failed:
        raise UserError(f"network {name}: training process {failed[0]} of {len(processes)} failed; see this log")


def main(folder, rank):
    """One process of a training."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    task = json.loads((Path(folder) / "task.json").read_text())
    ranks = task["settings"]["processes"]
    cuda = task["settings"]["device"] != "cpu" and torch.cuda.is_available()
    if cuda:
        torch.cuda.set_device(rank)
    store = f"file://{folder}/store"
    torch.distributed.init_process_group("nccl" if cuda else "gloo", init_method=store, rank=rank, world_size=ranks)
    data = io.read(task["data"], "operator data")
    start = io.read_model(task["start"])[0] if task["start"] else None
    checkpoint = NONE
    if task["checkpoint"]:
        path, key, seconds = task["checkpoint"]
        checkpoint = Checkpoint.at(path, key, seconds if rank == 0 else math.inf)
    progress = partial(job.progress, label="epoch")
    result = learn(data, task["settings"], progress, start, rank, ranks, checkpoint)
    if rank == 0:
        io.write_model(*result, Path(folder) / "model.safetensors")
    torch.distributed.destroy_process_group()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
