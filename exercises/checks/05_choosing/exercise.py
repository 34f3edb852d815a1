"""What chapter 05's exercise forbids, and what its checks share."""

import math

FORBIDDEN = (
    "lrcourse.measure",
    "lrcourse.schedules",
    "lrcourse.sweep",
    "lrcourse.theory",
    "lrcourse.training",
    "torch.optim.lr_scheduler",
    "keras",
    "optax",
)

COUNTS = ("step",)  # count updates, the first one being 0
LENGTHS = ("steps", "epochs", "updates_per_epoch")  # last so many
# names that are easily taken for each other
ROLES = [{"lrs", "losses"}, {"lrs", "scores"}, {"tuning", "test"}]

NAN = math.nan

PROOF = ("pick_best", "suggest_lr")
