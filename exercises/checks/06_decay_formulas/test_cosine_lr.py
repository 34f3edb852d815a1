"""cosine_lr, chapter 06: Cosine."""

import math

import pytest

from lrcourse import schedules
from lrcourse.grading import Curve, Edit, Mistakes, agrees_with, close

HINTS = [
    "How much of the way is done at `step`? Call it progress, from 0 to 1.",
    "The cosine goes from 1 to -1 while its angle goes from 0 to half a turn.",
    "Add 1 and halve it: now it goes from 1 to 0, as a share should.",
    "Multiply the share by the way, max_lr - min_lr, and add min_lr.",
]
CURVE = Curve(range(151), schedules.cosine, max_lr=0.1, total_steps=100, min_lr=0.02)


@pytest.mark.points(0)
def test_the_cosine_starts_at_max_lr(cosine_lr):
    lr = cosine_lr(0, max_lr=0.1, total_steps=100, min_lr=0.02)
    assert close(lr, 0.1), "at step 0 it is max_lr, whatever min_lr is"


def test_half_way_the_cosine_is_half_way_between_the_two_ends(cosine_lr):
    lr = cosine_lr(50, max_lr=0.1, total_steps=100, min_lr=0.02)
    assert close(lr, 0.06), "(0.1 + 0.02) / 2 = 0.06: is min_lr in both terms?"


def test_a_third_of_the_way_the_cosine_has_fallen_a_quarter(cosine_lr):
    lr = cosine_lr(1, max_lr=1.0, total_steps=3)
    assert close(lr, 0.75), "cos(pi / 3) = 1/2, so (1 + 1/2) / 2 = 0.75"


@pytest.mark.points(0)
def test_the_cosine_reaches_min_lr_at_total_steps(cosine_lr):
    lr = cosine_lr(100, max_lr=0.1, total_steps=100, min_lr=0.02)
    assert close(lr, 0.02), "T is half a period: there the cosine is at its lowest"


@pytest.mark.points(0)
def test_after_the_end_the_cosine_stays_at_min_lr(cosine_lr):
    lr = cosine_lr(150, max_lr=0.1, total_steps=100, min_lr=0.02)
    assert close(lr, 0.02), "a cosine climbs again after its half period"


@agrees_with(schedules.cosine, atol=1e-12, points=2)
def test_the_cosine_is_right_for_random_settings(rng):
    """half a cosine from max_lr to min_lr, level after it"""
    min_lr, total_steps = rng.uniform(0, 0.1), int(rng.integers(2, 500))
    return {
        "max_lr": min_lr + rng.uniform(0.1, 1),
        "total_steps": total_steps,
        "min_lr": min_lr,
        "step": int(rng.integers(0, 2 * total_steps)),
    }


MISTAKES = Mistakes(
    see="Cosine",
    forgets_to_stop=Edit(
        "Your rate climbs again after total_steps: nothing stops it there.",
        {"min(step / total_steps, 1.0)": "step / total_steps"},
    ),
    makes_a_whole_wave=Edit(
        "You make a whole wave: down and up again. The decay is its first half, from "
        "0 to pi.",
        {"math.pi * progress": "2 * math.pi * progress"},
    ),
    makes_a_quarter_wave=Edit(
        "You make a quarter of a wave: it lands steeply, where half a wave lands flat.",
        {"(1 + math.cos(math.pi * progress)) / 2": "math.cos(math.pi / 2 * progress)"},
    ),
    forgets_the_half=Edit(
        "You start at twice the height: 1 + cos goes from 2 down to 0.",
        {" / 2": ""},
    ),
    forgets_pi=Edit(
        "Your curve stops on its way down: math.cos takes an angle, and half a turn "
        "is pi.",
        {"math.pi * progress": "progress"},
    ),
    rises=Edit(
        "Your rate rises from min_lr to max_lr: 1 - cos climbs where 1 + cos falls.",
        {"(1 + math.cos": "(1 - math.cos"},
    ),
    starts_again=Edit(
        "Your rate jumps back to max_lr at total_steps: it is to stay at min_lr.",
        {"min(step / total_steps, 1.0)": "step % total_steps / total_steps"},
    ),
    cuts_off_at_min_lr=Edit(
        "You fall towards zero and cut off at min_lr: the floor is reached too early, "
        "with a kink.",
        {
            "min_lr + (max_lr - min_lr) *": "max(min_lr, max_lr *",
            "/ 2": "/ 2)",
        },
    ),
    falls_in_a_straight_line=Edit(
        "You fall in a straight line: it meets the cosine at both ends and in the "
        "middle, and nowhere else.",
        {"(1 + math.cos(math.pi * progress)) / 2": "(1 - progress)"},
    ),
    is_zero_after_the_end=Edit(
        "You return 0 after the end: the rate stays at min_lr.",
        {"return min_lr": "return 0.0 if step > total_steps else min_lr"},
    ),
    adds_min_lr_on_top=Edit(
        "You start min_lr too high: the cosine falls from max_lr to min_lr, not to 0.",
        {"(max_lr - min_lr)": "max_lr"},
    ),
)


@MISTAKES.written_out(see="Off by one")
def takes_min_lr_for_a_share(step, max_lr, total_steps, min_lr=0.0):
    """You take min_lr for a share of max_lr, as Keras takes its alpha: here it is a
    learning rate."""
    progress = min(step / total_steps, 1.0)
    height = (1 + math.cos(math.pi * progress)) / 2
    return max_lr * (min_lr + (1 - min_lr) * height)
