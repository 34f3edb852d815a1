"""What pure noise makes of a rule that waits for improvement."""

import numpy as np

from lrcourse._settings import require_counts, require_counts_or_zero


def false_cut(epochs: int, patience: int) -> float:
    """Return the chance that pure noise makes a plateau rule cut in `epochs` epochs.

    The rule is PyTorch's, without a threshold: it cuts after more than `patience`
    epochs in a row that do not beat the best so far. The metric says nothing: its
    values are independent, all from one distribution without ties. The first cut can
    come at epoch ``patience + 2``, and comes with chance ``1 / (patience + 2)``: of so
    many values the first is the best. Exact, because epoch i beats all before it with
    chance ``1 / i``, whatever the others did (Rényi, Théorie des éléments saillants
    d'une suite d'observations, 1962). ValueError unless `epochs` is a positive integer
    and `patience` an integer, zero or more.

    >>> [round(false_cut(epochs, patience=2), 3) for epochs in (3, 4, 5, 6)]
    [0.0, 0.25, 0.45, 0.617]
    """
    require_counts(epochs=epochs)
    require_counts_or_zero(patience=patience)
    # waiting[j]: no cut so far, and j epochs since the best one
    waiting = np.zeros(patience + 1)
    waiting[0] = 1.0
    for epoch in range(2, epochs + 1):
        best = waiting.sum() / epoch
        waiting[1:] = waiting[:-1] * (1 - 1 / epoch)
        waiting[0] = best
    return float(1 - waiting.sum())
