"""Least squares, a few examples at a time: where the noise of SGD comes from."""

from typing import Literal

import numpy as np

from lrcourse._arrays import Array, Integers
from lrcourse._settings import require_choice, require_counts, require_counts_or_zero
from lrcourse.problems.bowls import LeastSquares


class Sampled:
    """One run of `problem` by examples; the loss stays that of all examples.

    Each gradient is the mean over the next `batch_size` examples. With `order`
    ``"replacement"`` they are drawn anew from all each time; ``"reshuffled"`` passes
    through all examples in an order that is new for every pass, as `data.batches` does;
    ``"fixed"`` in the order they have. The last batch of a pass is smaller where
    `batch_size` does not divide the examples. Where `w` has shape (members, n), every
    member draws its own. Make one for every run: the next would go on in the middle.

    Raises:
        ValueError: another order, or a `batch_size` below 1.
    """

    def __init__(
        self,
        problem: LeastSquares,
        order: Literal["replacement", "reshuffled", "fixed"],
        seed: int,
        batch_size: int = 1,
    ) -> None:
        require_choice("order", order, ("replacement", "reshuffled", "fixed"))
        require_counts(batch_size=batch_size)
        require_counts_or_zero(seed=seed)
        self.problem, self.order, self.batch_size = problem, order, batch_size
        self._rng = np.random.default_rng(seed)
        self._waiting: Integers = np.empty(0, dtype=np.int64)

    def loss(self, w: Array) -> float | Array:
        return self.problem.loss(w)

    def grad(self, w: Array) -> Array:
        rows = self._next(np.shape(w)[:-1])
        inputs, targets = self.problem.inputs[rows], self.problem.targets[rows]
        residuals = np.einsum("...bn,...n->...b", inputs, w) - targets
        slopes = np.einsum("...b,...bn->...n", residuals, inputs)
        return np.asarray(slopes / rows.shape[-1])

    def _next(self, members: tuple[int, ...]) -> Integers:
        """Return the numbers of the next examples, shape (*members, batch)."""
        examples = len(self.problem.targets)
        if self.order == "replacement":
            return self._rng.integers(examples, size=(*members, self.batch_size))
        if not self._waiting.shape[-1]:
            in_order = np.broadcast_to(np.arange(examples), (*members, examples))
            new = self.order == "reshuffled"
            self._waiting = self._rng.permuted(in_order, axis=-1) if new else in_order
        rows = self._waiting[..., : self.batch_size]
        self._waiting = self._waiting[..., self.batch_size :]
        return rows
