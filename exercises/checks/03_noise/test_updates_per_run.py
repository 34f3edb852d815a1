"""updates_per_run, chapter 03: Three names for one loop."""

import math

import numpy as np
import pytest

from lrcourse.data import batches
from lrcourse.grading import Curve, Edit, Mistakes, close

HINTS = [
    "How many batches has one pass? Count them for 10 examples in fours.",
    "A rest is a batch: 10 / 4 is rounded up.",
    "Every epoch has its own rest: round up first, then multiply by the epochs.",
]
CURVE = Curve(
    x=range(1, 13),
    call=lambda updates_per_run, size: updates_per_run(12, size, 1),
    expected=lambda size: math.ceil(12 / size),
    xlabel="batch size",
    ylabel="updates, 12 examples",
)


@pytest.mark.points(0)
def test_batch_gradient_descent_has_one_update_an_epoch(updates_per_run):
    assert close(updates_per_run(examples=3000, batch_size=3000, epochs=6), 6), (
        "all examples in one batch: one update a pass"
    )


def test_stochastic_gradient_descent_has_one_update_an_example(updates_per_run):
    assert close(updates_per_run(examples=3000, batch_size=1, epochs=6), 18_000), (
        "batches of one: as many updates as examples, in each of six passes"
    )


def test_ten_examples_in_fours_are_three_updates(updates_per_run):
    assert close(updates_per_run(examples=10, batch_size=4, epochs=1), 3), (
        "4 + 4 + 2: the rest is a batch"
    )


def test_every_epoch_has_its_own_rest(updates_per_run):
    assert close(updates_per_run(examples=10, batch_size=4, epochs=2), 6), (
        "twice three; batches do not reach across the end of an epoch"
    )


@pytest.mark.points(0)
def test_a_batch_larger_than_the_data_is_one_update(updates_per_run):
    assert close(updates_per_run(examples=10, batch_size=64, epochs=5), 5), (
        "one batch holds all ten, in each of five passes"
    )


def test_even_divisions_have_no_rest(updates_per_run):
    assert close(updates_per_run(examples=12, batch_size=4, epochs=3), 9), (
        "12 = 4 + 4 + 4: three batches, and no empty fourth"
    )


def counted(examples, batch_size, epochs):
    """Return how many batches the course's own loop makes."""
    rows = np.arange(examples)
    return len(list(batches(rows, rows, batch_size, epochs, seed=0)))


@pytest.mark.points(2)
def test_the_loop_itself_counts_as_many(updates_per_run, rng):
    for _ in range(20):
        examples, size = int(rng.integers(1, 200)), int(rng.integers(1, 60))
        epochs = int(rng.integers(1, 12))
        expected = counted(examples, size, epochs)
        assert close(updates_per_run(examples, size, epochs), expected), (
            "go through the batches of a run and count them"
        )


MISTAKES = Mistakes(
    see="Three names for one loop",
    drops_the_rest=Edit(
        "You round down: that drops the last, smaller batch of every epoch.",
        {"math.ceil(examples / batch_size)": "(examples // batch_size)"},
    ),
    rounds_to_the_nearest=Edit(
        "You round to the nearest number: a rest of any size is a batch.",
        {"math.ceil(": "round("},
    ),
    rounds_once_for_the_run=Edit(
        "You round once, for the whole run: each epoch ends with its own rest.",
        {
            "epochs * math.ceil(examples / batch_size)": (
                "math.ceil(epochs * examples / batch_size)"
            )
        },
    ),
    counts_epochs=Edit(
        "You count epochs: that is right only when one batch holds all examples.",
        {" * math.ceil(examples / batch_size)": ""},
    ),
    counts_examples=Edit(
        "You count examples: that is right only for batches of one.",
        {"math.ceil(examples / batch_size)": "examples"},
    ),
    adds_a_batch_for_the_rest=Edit(
        "You add a batch for the rest even where there is none.",
        {"math.ceil(examples / batch_size)": "(examples // batch_size + 1)"},
    ),
    counts_one_epoch=Edit(
        "You count a single epoch: every pass has as many updates.",
        {"epochs * ": ""},
    ),
    forgets_an_epoch=Edit(
        "You count one epoch too few.",
        {
            "epochs *": "(epochs - 1) *",
        },
    ),
    adds_the_rest=Edit(
        "You add the rest itself: however many examples are left over, they are one "
        "batch.",
        {
            "math.ceil(examples / batch_size)": (
                "(examples // batch_size + examples % batch_size)"
            ),
        },
    ),
)
