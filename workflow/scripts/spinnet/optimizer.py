"""Muon for the weight matrices of a network and Adam for its biases, as one optimiser."""

import torch


class MuonAdam(torch.optim.Optimizer):
    """Steps whose matrices have singular values near one, so that all directions of a layer are learned at one pace.

    A masked network of the paper's size comes further in 12 epochs than with Adam in 600.  A step of Muon is as large
    as one of Adam at the same learning rate.  Source: K. Jordan et al., Muon (2024); J. Liu et al., arXiv:2502.16982.
    """

    def __init__(self, parameters, lr):
        parameters = list(parameters)
        super().__init__(parameters, {"lr": lr})
        matrices, vectors = ([p for p in parameters if (p.ndim == 2) == wanted] for wanted in (True, False))
        self._parts = (
            torch.optim.Muon(matrices, lr, weight_decay=0.0, adjust_lr_fn="match_rms_adamw"),
            torch.optim.Adam(vectors, lr, fused=True),
        )
        self._share_groups()

    def _share_groups(self):
        """A schedule that sets the learning rate here sets it in both."""
        self.param_groups = [group for part in self._parts for group in part.param_groups]

    def step(self):
        for part in self._parts:
            part.step()

    def state_dict(self):
        return {"parts": [part.state_dict() for part in self._parts]}

    def load_state_dict(self, state):
        for part, saved in zip(self._parts, state["parts"], strict=True):
            part.load_state_dict(saved)
        self._share_groups()
