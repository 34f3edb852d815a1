"""What chapter 13's exercise forbids, and what its names stand for."""

from lrcourse.grading import close

FORBIDDEN = (
    "lrcourse.schedules",
    "lrcourse.training",
    "torch.optim.lr_scheduler",
    "keras",
    "optax",
)

PROOF = ("bounds_from_range_test", "CyclicSchedule")  # the hardest two

COUNTS = ("step",)  # count updates, the first one being 0
LENGTHS = ("half_period",)  # last so many updates
# names that are easily taken for each other
ROLES = [{"lrs", "losses"}, {"low", "high"}, {"cycle", "place"}]


def pair(returned):
    """Return what an answer returned, which has to be a tuple of two."""
    is_pair = isinstance(returned, tuple) and len(returned) == 2
    shape = type(returned).__name__ if not is_pair else "pair"
    assert close(None if returned is None else shape, "pair"), (
        "return the two bounds as a tuple, min_lr first"
    )
    return returned
