"""What the checks of this exercise share, and what it forbids."""

# what the learner is asked to write may not be imported
FORBIDDEN = (
    "lrcourse.schedules",
    "lrcourse.theory",
    "lrcourse.training",
    "torch.optim.lr_scheduler",
    "keras",
    "optax",
)

COUNTS = ("step",)  # count updates, the first one being 0
LENGTHS = ("total_steps",)  # last so many updates
