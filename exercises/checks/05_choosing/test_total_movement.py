"""total_movement, chapter 05: Why the sum counts."""

from lrcourse import schedules, theory
from lrcourse.grading import Edit, Mistakes, agrees_with, close

HINTS = [
    "Write the rates of three epochs of two updates on paper, and add them.",
    "All updates of an epoch have one rate: add up the epochs, then multiply.",
    "1 + gamma + gamma**2 + ... has a short form. What is it times (1 - gamma)?",
    "The short form divides by 1 - gamma. What is the sum where gamma is 1?",
]


def test_one_epoch_has_the_first_rate_only(total_movement):
    found = total_movement(0.5, gamma=0.1, epochs=1, updates_per_epoch=8)
    assert close(found, 4.0), "one epoch: eight updates with 0.5, whatever gamma is"


def test_three_halved_epochs_add_up(total_movement):
    found = total_movement(1.0, gamma=0.5, epochs=3, updates_per_epoch=1)
    assert close(found, 1.75), "three updates with 1, 0.5 and 0.25"


def test_every_update_of_an_epoch_counts(total_movement):
    found = total_movement(1.0, gamma=0.5, epochs=2, updates_per_epoch=10)
    assert close(found, 15.0), "ten updates with 1, then ten with 0.5"


def test_without_decay_every_epoch_is_like_the_first(total_movement):
    found = total_movement(0.5, gamma=1.0, epochs=4, updates_per_epoch=3)
    assert close(found, 6.0), "gamma 1 lets the rate stand: twelve updates with 0.5"


def _of_the_schedule(base_lr, gamma, epochs, updates_per_epoch):
    plan = schedules.step_decay(base_lr, gamma, updates_per_epoch)
    return theory.budget(plan, epochs * updates_per_epoch)


@agrees_with(_of_the_schedule, points=2)
def test_random_settings_have_the_sum_of_their_schedule(rng):
    """the sum of the rates of all updates, gamma applied after every epoch"""
    return {
        "base_lr": float(rng.uniform(0.01, 2)),
        "gamma": float(rng.choice([1.0, rng.uniform(0.2, 0.98)])),
        "epochs": int(rng.integers(1, 40)),
        "updates_per_epoch": int(rng.integers(1, 50)),
    }


MISTAKES = Mistakes(
    see="Why the sum counts",
    forgets_the_updates=Edit(
        "You add up one rate for each epoch: an epoch has many updates.",
        {
            "base_lr * updates_per_epoch * epochs": "base_lr * epochs",
            "base_lr * updates_per_epoch * (1": "base_lr * (1",
        },
    ),
    forgets_gamma=Edit(
        "You take the first rate for the whole run: each epoch has gamma times the "
        "rate of the one before.",
        {"(1 - gamma**epochs) / (1 - gamma)": "epochs"},
    ),
    adds_an_epoch=Edit(
        "Your sum has one epoch too many: with E epochs the last power is E - 1.",
        {"gamma**epochs": "gamma ** (epochs + 1)"},
    ),
    loses_an_epoch=Edit(
        "Your sum has one epoch too few: the first one has the power 0.",
        {"gamma**epochs": "gamma ** (epochs - 1)"},
    ),
    lowers_the_first_epoch=Edit(
        "You lower the rate before the first epoch: gamma comes after it.",
        {"(1 - gamma**epochs)": "gamma * (1 - gamma**epochs)"},
    ),
    never_ends=Edit(
        "You add up a run without an end: yours has that many epochs only.",
        {"(1 - gamma**epochs) / (1 - gamma)": "1 / (1 - gamma)"},
    ),
    divides_by_nothing=Edit(
        "At gamma 1 you divide by zero: there the sum is base_lr for every update.",
        {"gamma == 1": "gamma > 1"},
    ),
    decays_after_every_update=Edit(
        "You multiply by gamma after every update: it comes once an epoch.",
        {
            "base_lr * updates_per_epoch * (1": "base_lr * (1",
            "gamma**epochs": "gamma ** (epochs * updates_per_epoch)",
        },
    ),
    takes_the_last_rate_for_all=Edit(
        "You give all updates the rate of the last epoch: those before it had higher "
        "ones.",
        {
            "return base_lr * updates_per_epoch * (1 - gamma**epochs) / (1 - gamma)": (
                "return base_lr * gamma ** (epochs - 1) * updates_per_epoch * epochs"
            ),
        },
    ),
    subtracts_gamma=Edit(
        "You subtract gamma times the epoch: every epoch multiplies by it.",
        {
            "return base_lr * updates_per_epoch * epochs": "gamma = 1.0",
            "return base_lr * updates_per_epoch * (1 - gamma**epochs) / (1 - gamma)": (
                "return sum(base_lr * updates_per_epoch * (1 - gamma * e) "
                "for e in range(epochs))"
            ),
        },
    ),
    leaves_an_epoch_out=Edit(
        "You add up one epoch too few: range(1, n) has n - 1 numbers.",
        {
            "base_lr * updates_per_epoch * epochs": (
                "base_lr * updates_per_epoch * (epochs - 1)"
            ),
            "gamma**epochs": "gamma ** (epochs - 1)",
        },
    ),
)


@MISTAKES.written_out()
def returns_the_last_rate(base_lr, gamma, epochs, updates_per_epoch):
    """You return the rate at the end of the run: what is asked for is the sum of
    all."""
    return base_lr * gamma ** (epochs - 1)
