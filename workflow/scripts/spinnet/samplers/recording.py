"""Long records of chains, made in pieces, between which they can be saved."""

from spinnet.checkpoint import NONE

PIECE = 2**26  # updates of a spin; about a second


class Chains:
    """Chains of which `spins` and `_counters` of random numbers are all that changes from update to update."""

    @property
    def state(self):
        """Copies of all that changes from update to update; to be set, to go on from there."""
        return self.spins.copy(), self._counters.copy()

    @state.setter
    def state(self, state):
        self.spins[:], self._counters[:] = state


def record(whole, chains, advance, step, progress=iter, checkpoint=NONE):
    """Fill the arrays `whole` (chains, records, ...), all of them `step` records at a time; returns them.

    advance(n): the next n records of every array.  chains: has `state`, all that changes from record to record.
    """
    records = whole[0].shape[1]
    done, parts, chains.state = checkpoint.restore() or (0, [a[:, :0] for a in whole], chains.state)
    for array, part in zip(whole, parts, strict=True):
        array[:, :done] = part
    for first in progress(range(done, records, step)):
        end = min(first + step, records)
        for array, part in zip(whole, advance(end - first), strict=True):
            array[:, first:end] = part
        checkpoint.save((end, [a[:, :end] for a in whole], chains.state))
    return whole


def step(spins, every):
    """Number of records a piece, with `every` updates of all `spins` (chains, L, L) before each."""
    return max(1, PIECE // (spins.size * every))
