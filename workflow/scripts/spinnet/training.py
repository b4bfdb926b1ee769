"""Training of a network, with early stopping."""

import copy
import os
import sys
from types import ModuleType

import numpy as np
import torch
from torch.optim.swa_utils import AveragedModel

from spinnet.checkpoint import NONE
from spinnet.devices import accelerator
from spinnet.errors import UserError
from spinnet.rng import generator, stream_key

EVALUATION_BATCH = 4096
GUESSING = 1.05  # times the loss of guessing; data at high temperature tell little more


def choose_device(name):
    """torch device for "auto", "cpu" or "cuda"; UserError if CUDA is asked for and missing."""
    return torch.device(accelerator(name) or "cpu")


def make_deterministic(seed, *names):
    """Fix torch's seed and thread number, so that a model depends on seed and names alone."""
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # asked for by cuBLAS to be deterministic
    torch.set_num_threads(1)
    torch.set_deterministic_debug_mode("error")  # use_deterministic_algorithms imports torch's compiler, a second
    torch.manual_seed(int(stream_key(seed, *names) >> np.uint64(1)))
    if not torch.distributed.is_initialized():  # DistributedDataParallel asks the compiler for a setting
        _do_without_compiler()


def _do_without_compiler():
    """Spare each training 3 s: torch's optimisers import its compiler, only to say what it is not to compile."""
    if "torch._dynamo" not in sys.modules:
        nothing = ModuleType("torch._dynamo")
        nothing.disable = lambda function, *_, **__: function
        nothing.graph_break = lambda: None
        sys.modules["torch._dynamo"] = torch._dynamo = nothing


@torch.no_grad()
def losses(model, data):
    """(samples,) float64 losses [nats] of `data`, a tuple of arrays with samples along the first axis, in batches."""
    device = next(model.parameters()).device
    parts = [
        model.loss(*(torch.from_numpy(d[i : i + EVALUATION_BATCH]).to(device) for d in data)).cpu().double()
        for i in range(0, len(data[0]), EVALUATION_BATCH)
    ]
    return torch.cat(parts).numpy()


def refuse_unlearned(name, loss, sites, values):
    """UserError if a model's loss [nats a configuration] is above that of guessing among the values at each site."""
    guessing = sites * np.log(values)
    if loss > GUESSING * guessing:
        raise UserError(
            f"model {name}: its validation loss, {loss:.4g} nats, is above the {guessing:.4g} nats of guessing; "
            "lower learning_rate or raise max_epochs"
        )


def train(
    model, optimizer, data, validation, settings, progress, scheduler=None, augment=None, average_from=None,
    checkpoint=NONE,
):  # fmt: skip
    """Minimise the mean of model.loss(*data) [nats]; keep the weights of the best epoch.

    data, validation: tuples of arrays with samples along the first axis.  settings: seed, name,
    batches_per_epoch, max_epochs, patience.  The scheduler of the learning rate, if any, steps once
    an epoch; training stops early after `patience` epochs without improvement of
    the validation loss.  augment(epoch, *data), if any, gives the tensors of an epoch in place of
    `data`.  From epoch `average_from` on, the mean of the weights over all later steps is judged and
    kept in place of the weights (B. T. Polyak & A. B. Juditsky, SIAM J. Control Optim. 30, 838
    (1992)).  Returns the history: (training loss, validation loss) in nats, an epoch
    each.  Raises UserError if the loss is not finite.
    """
    device = next(model.parameters()).device
    on_device = [torch.from_numpy(d).to(device) for d in data]
    samples = len(data[0])
    run, checkpoint = _Run(model, optimizer, scheduler), checkpoint.part(device.type)
    run.load(checkpoint.restore())
    for epoch in progress(range(run.epoch, settings["max_epochs"])):
        order = generator(settings["seed"], "training", settings["name"], epoch).permutation(samples)
        batches = np.array_split(order, settings["batches_per_epoch"])
        shown = augment(epoch, *on_device) if augment else on_device
        if epoch == average_from and not run.average:
            run.average = AveragedModel(model)
        for batch in batches[run.batches :]:
            run.step(shown, batch)
            if checkpoint.due():
                checkpoint.save(run.state())
        judged = run.average.module if run.average else model
        loss = losses(judged, validation).mean()
        if not np.isfinite(loss):
            raise UserError(
                f"model {settings['name']}: the validation loss became {loss} in epoch {epoch}; lower learning_rate"
            )
        run.finish_epoch(judged, run.loss / samples, loss)
        if epoch - run.best_epoch >= settings["patience"]:
            break
    model.load_state_dict(run.best_weights)
    return run.history


class _Run:
    """A training between two batches: the weights and all that changes with them."""

    def __init__(self, model, optimizer, scheduler):
        self._model, self._optimizer, self._scheduler, self.average = model, optimizer, scheduler, None
        self.epoch, self.batches, self.loss = 0, 0, 0.0  # of the epoch: its number, batches so far, their summed loss
        self.history, self.best, self.best_epoch, self.best_weights = [], np.inf, 0, None

    def step(self, data, batch):
        """One step down on the rows `batch` of the data (tensors)."""
        self._optimizer.zero_grad(set_to_none=True)
        rows = torch.from_numpy(batch).to(data[0].device)
        loss = self._model.loss(*(d[rows] for d in data)).mean()
        loss.backward()
        self._optimizer.step()
        if self.average:
            self.average.update_parameters(self._model)
        self.loss += loss.item() * len(batch)
        self.batches += 1

    def finish_epoch(self, judged, training, validation):
        """Note the losses of an epoch [nats a configuration], and the weights of `judged` if they are the best."""
        self.history.append((training, validation))
        if self._scheduler:
            self._scheduler.step()
        if validation < self.best:
            self.best, self.best_epoch = validation, self.epoch
            self.best_weights = {k: v.detach().clone() for k, v in judged.state_dict().items()}
        print(f"epoch {self.epoch}: training {training:.5g}, validation {validation:.5g}, best {self.best:.5g} nats")
        self.epoch, self.batches, self.loss = self.epoch + 1, 0, 0.0

    def state(self):
        """A copy of all of it, for a checkpoint."""
        parts = {name: part and part.state_dict() for name, part in self._parts().items()}
        numbers = {name: getattr(self, name) for name in _SAVED}
        return copy.deepcopy({"parts": parts, "numbers": numbers})

    def load(self, state):
        """Go on from a `state`; from none, begin."""
        if not state:
            return
        vars(self).update(copy.deepcopy(state["numbers"]))
        if state["parts"]["average"]:
            self.average = AveragedModel(self._model)
        for name, part in self._parts().items():
            if part:
                part.load_state_dict(state["parts"][name])

    def _parts(self):
        return {
            "model": self._model, "optimizer": self._optimizer, "scheduler": self._scheduler, "average": self.average,
        }  # fmt: skip


_SAVED = ("epoch", "batches", "loss", "history", "best", "best_epoch", "best_weights")
