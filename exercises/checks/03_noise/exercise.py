"""What chapter 03's exercise forbids, and what its names stand for."""

import numpy as np

from lrcourse.grading import close

FORBIDDEN = (
    "lrcourse.data",
    "lrcourse.theory",
    "lrcourse.sweep",
    "torch.utils.data",
    "keras",
    "optax",
)

PROOF = ("noise_scale_from_two", "loss_exponent")  # the hardest two

LENGTHS = ("epochs",)
# names that are easily taken for each other
ROLES = [
    {"examples", "batch_size", "epochs"},
    {"small", "big"},
    {"small_squares", "big_squares"},
    {"lr", "curvature", "noise"},
    {"noise_scale", "batch_size"},
    {"base_lr", "curvature", "power"},
]


def rows(returned):
    """Return batches as lists of plain numbers, whatever kind of row they are."""
    if not isinstance(returned, list | tuple):
        return returned
    flat = not any(np.ndim(row) for batch in returned for row in batch)
    assert close("numbers" if flat else "lists", "numbers"), (
        "in a batch stand the numbers of examples: return one list of all batches"
    )
    return [[int(row) for row in batch] for batch in returned]


def passes(batches, examples):
    """Return the examples of each pass in their order, as lists of `examples`."""
    flat = [row for batch in batches for row in batch]
    return [flat[first : first + examples] for first in range(0, len(flat), examples)]
