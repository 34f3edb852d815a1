"""What chapter 06's exercise forbids, and what its names stand for."""

FORBIDDEN = (
    "lrcourse.schedules",
    "lrcourse.theory",
    "lrcourse.training",
    "torch.optim.lr_scheduler",
    "keras",
    "optax",
)

PROOF = ("half_life", "cosine_lr")  # the hardest two

COUNTS = ("step",)  # count updates, the first one being 0
LENGTHS = ("total_steps", "period", "decay_steps")  # last so many updates
ROLES = [{"start", "end"}]  # names that are easily taken for each other
