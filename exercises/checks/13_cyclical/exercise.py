"""What chapter 13's exercise forbids, and what its names stand for."""

FORBIDDEN = (
    "lrcourse.schedules",
    "lrcourse.training",
    "torch.optim.lr_scheduler",
    "keras",
    "optax",
)

COUNTS = ("step",)  # count updates, the first one being 0
LENGTHS = ("half_period",)  # last so many updates
# names that are easily taken for each other
ROLES = [{"lrs", "losses"}, {"low", "high"}, {"cycle", "place"}]
