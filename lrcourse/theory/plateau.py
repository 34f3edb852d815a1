"""What pure noise makes of a rule that waits for improvement."""

import math

from lrcourse._settings import plain_numbers, require_counts, require_counts_or_zero


@plain_numbers
def false_cut(epochs: int, patience: int) -> float:
    """Return the chance that pure noise makes a plateau rule cut in `epochs` epochs.

    The rule is PyTorch's, without a threshold: it cuts after more than `patience`
    epochs in a row that do not beat the best so far. The metric says nothing: its
    values are independent, all from one distribution without ties. Then the best of
    the first t is any of them with chance ``1 / t``, so there is no cut until t if it
    is one of the last ``patience + 1`` and there was none before it: the chances of
    that add up to the mean of which the code is made. The first cut can come at epoch
    ``patience + 2``, and comes with chance ``1 / (patience + 2)``. Exact (Rényi,
    Théorie des éléments saillants d'une suite d'observations, 1962). ValueError unless
    `epochs` is a positive integer and `patience` an integer, zero or more.

    >>> [round(false_cut(epochs, patience=2), 3) for epochs in (3, 4, 5, 6)]
    [0.0, 0.25, 0.45, 0.617]
    """
    require_counts(epochs=epochs)
    require_counts_or_zero(patience=patience)
    uncut = [1.0]  # the chance of no cut in the first t epochs
    for epoch in range(1, epochs + 1):
        uncut.append(math.fsum(uncut[-patience - 1 :]) / epoch)
    return 1 - uncut[-1]
