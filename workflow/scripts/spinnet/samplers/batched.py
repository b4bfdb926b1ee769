"""Single-site Metropolis chains of a learned Hamiltonian, all of them at once in torch: for a GPU.

The target, the order of proposals and the updates are those of `neural`: each proposal changes one
position of all chains, and the change of a layer follows from the change of the layer before, from
the first row that the position reaches on.  Arrays are (rows, chains), so such a tail is one piece
of memory.  Nothing waits for the device within a sweep: accepted shifts are added times 1, rejected
ones times 0.

One stream on the device serves all chains.  A run can be repeated on the same machine; unlike in
`neural`, a chain's random numbers depend on the batch that it is in.
"""

import numpy as np

from spinnet.rng import stream_key


class BatchedChains:
    """Independent Metropolis chains of a learned Hamiltonian with single-site moves, on one device.

    model: see `neural.chain_model`.  values: (chains, N) category indices in the factorisation
    order.  keys: (chains,) uint64 stream keys; all of them name the stream.  device: of torch.
    """

    def __init__(self, model, values, keys, device):
        import torch  # takes seconds to load: not for jobs without a GPU

        def put(array):
            return torch.tensor(np.asarray(array), device=device)

        self.model, (chains, self._sites) = model, np.shape(values)
        self._first = model.first.T.tolist()  # [position][layer]: first row that is reached
        self._weights, self._direct = [put(w) for w in model.weights], put(model.direct)
        self._biases = [put(b[:, None]) for b in model.biases]
        self._categories = put(np.arange(1, model.values, dtype=np.int8)[:, None])
        self._gain = put((model.log_multiplicity[1:] - model.log_multiplicity[0]).astype(np.float32))
        self._zero = put(np.float32(0))
        self._values = put(np.asarray(values, np.int8).T.copy())
        inputs = (self._values[:, None] == self._categories).flatten(0, 1)
        self._inputs = torch.zeros(len(self._biases[-1]), chains, device=device)  # indicators of categories 1..q-1
        self._inputs[: len(inputs)] = inputs
        self._offset, self._threshold = torch.empty_like(self._values), self._inputs.new_empty(self._sites, chains)
        self._generator = torch.Generator(device).manual_seed(int(stream_key(0, "batch", *map(int, keys)) >> 1))

    def keep(self, kept):
        """Go on with some of the chains, `kept` (chains,) bool."""
        import torch

        index = torch.from_numpy(np.flatnonzero(kept)).to(self._values.device)
        kept_rows = (a[:, index] for a in (self._values, self._inputs, self._offset, self._threshold))
        self._values, self._inputs, self._offset, self._threshold = kept_rows

    @property
    def values(self):
        """(chains, N) int8 category indices in the factorisation order."""
        return np.ascontiguousarray(self._values.cpu().numpy().T)

    @property
    def state(self):
        """Copies, as NumPy arrays, of all that changes from sweep to sweep; to be set, to go on from there."""
        tensors = self._values, self._inputs, self._generator.get_state()
        return tuple(tensor.cpu().numpy().copy() for tensor in tensors)

    @state.setter
    def state(self, state):
        import torch

        values, inputs, generator = map(torch.from_numpy, state)
        self._values.copy_(values)
        self._inputs.copy_(inputs)
        self._generator.set_state(generator)

    def log_prob(self):
        """(chains,) natural logarithm of p of the present states."""
        self._refresh()
        return self._sum_of_terms()

    def sweep(self, ratio):
        """One sweep at p^ratio g^(1 - ratio), ratio = T0/T a chain; returns log p and acceptance rate (chains,).

        It begins with a full forward pass, so that rounding errors of the updates do not pile up.
        """
        ratio = self._inputs.new_tensor(np.asarray(ratio))
        self._draw()
        self._refresh()
        accepts = self._inputs.new_zeros(len(ratio))
        for position in range(self._sites):
            new, step, shifts, difference = self._propose(position)
            exponent = ratio * difference.sum(0) + (1 - ratio) * (self._gain @ step)
            # u < exp(x) with an exponentially distributed -ln u
            accepted = exponent + self._threshold[position] > 0
            self._take_over(position, accepted, new, step, shifts, difference)
            accepts += accepted
        return self._sum_of_terms(), accepts.cpu().numpy().astype(float) / self._sites

    def proposal_differences(self):
        """Changes of log p (chains, N) and proposed values (chains, N, 1), each from the present state."""
        self._draw()
        self._refresh()
        proposals = [self._propose(position) for position in range(self._sites)]
        differences = np.array([difference.sum(0).cpu().numpy() for *_, difference in proposals])
        return differences.T, np.array([new.cpu().numpy() for new, *_ in proposals]).T[:, :, None]

    def _draw(self):
        """Random numbers of a sweep: distance to the proposed value, modulo q, and exponential thresholds."""
        self._offset.random_(1, self.model.values, generator=self._generator)
        self._threshold.exponential_(generator=self._generator)

    def _refresh(self):
        """Full forward pass: pre-activations of every layer and log-probability terms of every site."""
        self._pre, active = [], self._inputs
        for weight, bias in zip(self._weights, self._biases, strict=True):
            self._pre.append(bias + weight @ active[: weight.shape[1]])
            active = self._pre[-1].relu()
        if len(self._direct):
            self._pre[-1] += self._direct @ self._inputs[: self._direct.shape[1]]
        self._terms = self._log_terms(self._pre[-1], self._inputs)

    def _log_terms(self, logits, inputs):
        """(sites, chains) log-probabilities of the values whose indicators are `inputs`, like logits (rows, chains)."""
        channels = len(self._categories)
        if channels == 1:
            return inputs * logits - logits.logaddexp(self._zero)
        logits, inputs = logits.unflatten(0, (-1, channels)), inputs.unflatten(0, (-1, channels))
        return (inputs * logits).sum(1) - logits.logsumexp(1).logaddexp(self._zero)

    def _rows(self, position):
        """Rows of the indicators of a position."""
        return slice(position * len(self._categories), (position + 1) * len(self._categories))

    def _propose(self, position):
        """Another value at `position` in every chain.

        Returns the new values (chains,), the change of their indicators (q-1, chains), the shifts of
        the pre-activations, one array a layer, and the changes of the terms, each from the first
        row on that is reached.
        """
        new = (self._values[position] + self._offset[position]) % self.model.values
        step = (new == self._categories).float() - self._inputs[self._rows(position)]
        first, rows = self._first[position], self._rows(position)
        shifts = [self._weights[0][first[0] :, rows] @ step]
        for layer in range(1, len(first)):
            old = self._pre[layer - 1][first[layer - 1] :]
            change = (old + shifts[-1]).relu_() - old.relu()
            shifts.append(self._weights[layer][first[layer] :, first[layer - 1] :] @ change)
        if len(self._direct):
            shifts[-1] += self._direct[first[-1] :, rows] @ step
        logits, site = self._pre[-1][first[-1] :] + shifts[-1], first[-1] // len(step)
        difference = self._log_terms(logits, self._inputs[first[-1] :]) - self._terms[site:]
        difference[position - site] += (step * logits[rows.start - first[-1] :][: len(step)]).sum(0)
        return new, step, shifts, difference

    def _take_over(self, position, accepted, new, step, shifts, difference):
        """Add the changes in the accepted chains."""
        taken = accepted.to(step.dtype)
        for pre, shift in zip(self._pre, shifts, strict=True):
            pre[len(pre) - len(shift) :].addcmul_(shift, taken)
        self._terms[len(self._terms) - len(difference) :].addcmul_(difference, taken)
        self._inputs[self._rows(position)] += step * taken
        self._values[position] = new.where(accepted, self._values[position])

    def _sum_of_terms(self):
        """(chains,) float64 log p."""
        return self._terms.double().sum(0).cpu().numpy()
