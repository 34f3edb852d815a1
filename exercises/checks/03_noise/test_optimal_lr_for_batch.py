"""optimal_lr_for_batch, chapter 03: The critical batch."""

import pytest

from lrcourse import theory
from lrcourse.grading import Curve, Edit, Mistakes, agrees_with, close

HINTS = [
    "What should it be for a batch without any noise? And for a tiny one?",
    "At a batch as large as the noise scale it is half of max_lr.",
    "max_lr / (1 + something): which quotient is 1 there and 0 for huge batches?",
]
CURVE = Curve(
    x=[2**power for power in range(13)],
    call=lambda optimal_lr_for_batch, size: optimal_lr_for_batch(size, 1.0, 64.0),
    expected=lambda size: theory.optimal_lr_for_batch(size, 1.0, 64.0),
    xlabel="batch size",
    ylabel="best rate",
)


def test_at_the_noise_scale_it_is_half_the_limit(optimal_lr_for_batch):
    assert close(optimal_lr_for_batch(32, max_lr=0.5, noise_scale=32.0), 0.25), (
        "noise and curvature cost the same there"
    )


def test_three_times_the_noise_scale_give_three_quarters(optimal_lr_for_batch):
    assert close(optimal_lr_for_batch(96, max_lr=1.0, noise_scale=32.0), 0.75), (
        "1 / (1 + 1 / 3) = 3 / 4"
    )


def test_far_below_the_scale_twice_the_batch_wants_twice_the_rate(optimal_lr_for_batch):
    found = [optimal_lr_for_batch(size, 1e7, 1e9) for size in (3, 6)]
    assert close(found, [0.03, 0.06], rtol=1e-6), (
        "that is the linear scaling rule, max_lr / noise_scale for every example"
    )


@pytest.mark.points(0)
def test_a_huge_batch_gets_the_limit_and_no_more(optimal_lr_for_batch):
    assert close(optimal_lr_for_batch(10**12, 0.3, 50.0), 0.3, rtol=1e-9), (
        "without noise curvature alone decides, and it does not move"
    )


@pytest.mark.points(0)
def test_without_noise_every_batch_gets_the_limit(optimal_lr_for_batch):
    assert close(optimal_lr_for_batch(1, max_lr=0.3, noise_scale=0.0), 0.3), (
        "nothing to average"
    )


@agrees_with(theory.optimal_lr_for_batch, points=2)
def test_random_settings_lie_between_the_two_ends(rng):
    """halve the batch and look: by which factor may the rate fall at most?"""
    return {
        "batch_size": int(rng.integers(1, 5000)),
        "max_lr": float(10 ** rng.uniform(-3, 1)),
        "noise_scale": float(10 ** rng.uniform(0, 4)),
    }


MISTAKES = Mistakes(
    see="The critical batch",
    grows_for_ever=Edit(
        "Your rate is proportional to the batch for ever: above the noise scale there "
        "is nothing left to average.",
        {
            "max_lr / (1 + noise_scale / batch_size)": (
                "max_lr * batch_size / noise_scale"
            )
        },
    ),
    has_a_kink=Edit(
        "You follow the linear rule up to the limit and stop there: the best rate "
        "bends before, and is half of the limit at the noise scale.",
        {
            "max_lr / (1 + noise_scale / batch_size)": (
                "max_lr * min(1.0, batch_size / noise_scale)"
            )
        },
    ),
    takes_the_root=Edit(
        "You take the root of the batch size: that is Adam's rule, not SGD's.",
        {"noise_scale / batch_size": "(noise_scale / batch_size) ** 0.5"},
    ),
    is_upside_down=Edit(
        "Your rate falls with the batch: less noise allows more.",
        {"noise_scale / batch_size": "batch_size / noise_scale"},
    ),
    forgets_the_one=Edit(
        "You leave out the 1: that is what curvature costs, and it is the limit.",
        {"(1 + noise_scale / batch_size)": "(noise_scale / batch_size)"},
    ),
    multiplies=Edit(
        "You multiply where noise should make the rate smaller.",
        {"max_lr / (1": "max_lr * (1"},
    ),
    saturates_as_an_exponential=Edit(
        "Your rate nears its limit as an exponential does: it should be just half of "
        "it at the noise scale, and three quarters at three times that.",
        {
            "max_lr / (1 + noise_scale / batch_size)": (
                "max_lr * (1 - math.exp(-batch_size / noise_scale))"
            ),
        },
    ),
    halves_and_stops=Edit(
        "You go up in a straight line through one half, and stop at the limit: the "
        "best rate bends, and never quite reaches it.",
        {
            "max_lr / (1 + noise_scale / batch_size)": (
                "min(max_lr, max_lr / 2 * batch_size / noise_scale)"
            ),
        },
    ),
    adds_to_the_inverse=Edit(
        "You add the noise to 1 / max_lr: it counts in units of the limit, so max_lr "
        "stands before the whole.",
        {
            "max_lr / (1 + noise_scale / batch_size)": (
                "1 / (1 / max_lr + noise_scale / batch_size)"
            ),
        },
    ),
    squares_the_share=Edit(
        "You square B / (B + noise scale): far below the noise scale twice the batch "
        "would want four times the rate.",
        {
            "max_lr / (1 + noise_scale / batch_size)": (
                "max_lr / (1 + noise_scale / batch_size) ** 2"
            ),
        },
    ),
)
