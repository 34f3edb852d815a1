"""noise_scale_from_two, chapter 03: Measured with two batch sizes."""

import numpy as np
import pytest

from lrcourse import theory
from lrcourse.grading import Edit, Mistakes, agrees_with, close

HINTS = [
    "On average a squared length is G2 + S / B. Write it for both sizes.",
    "Subtract the two to get rid of G2; multiply each by its size to get rid of S.",
    "S = (small - big squares) / (1 / small - 1 / big), with the means of the squares.",
    "G2 = (big * big_square - small * small_square) / (big - small); return S / G2.",
]


def test_two_equations_give_two_unknowns(noise_scale_from_two):
    found = noise_scale_from_two(np.array([6.0]), 2, np.array([3.0]), 8)
    assert close(found, 4.0), (
        "G2 + S / 2 = 6 and G2 + S / 8 = 3 hold for S = 8 and G2 = 2"
    )


def test_means_are_taken_before_anything_is_divided(noise_scale_from_two):
    found = noise_scale_from_two(np.array([9.0, 3.0]), 2, np.array([2.0, 4.0]), 8)
    assert close(found, 4.0), (
        "the means are 6 and 3 again; pair by pair one estimate would be negative"
    )


def test_the_two_rows_need_not_be_of_one_length(noise_scale_from_two):
    found = noise_scale_from_two(
        np.array([24.0, 12.0, 12.0]), 2, np.array([6.0, 8.0]), 8
    )
    assert close(found, 6.0), "each row has a mean of its own: they are 16 and 7"


@pytest.mark.points(0)
def test_without_noise_both_sizes_see_the_same(noise_scale_from_two):
    found = noise_scale_from_two(np.array([5.0]), 1, np.array([5.0]), 10)
    assert close(found, 0.0), "S is 0 where the batch size makes no difference"


def test_a_large_scale_is_found_as_well(noise_scale_from_two):
    found = noise_scale_from_two(np.array([101.0]), 1, np.array([11.0]), 10)
    assert close(found, 100.0), "G2 + S = 101 and G2 + S / 10 = 11: S = 100, G2 = 1"


@agrees_with(theory.noise_scale_from_two, rtol=1e-7, points=2)
def test_random_measurements_give_the_scale_of_their_means(rng):
    """put S and G2 back into both equations: do the means come out?"""
    small = int(rng.integers(1, 9))
    big = small + int(rng.integers(1, 60))
    scale, square = 10 ** rng.uniform(-1, 2), 10 ** rng.uniform(-1, 1)
    wobble = rng.uniform(0.9, 1.1, size=4)
    wobble /= wobble.mean()
    return {
        "small_squares": square * (1 + scale / small) * wobble,
        "small": small,
        "big_squares": square * (1 + scale / big) * wobble[::-1],
        "big": big,
    }


MISTAKES = Mistakes(
    see="Measured with two batch sizes",
    takes_the_big_batch_for_the_gradient=Edit(
        "You take the big batch's square for |G| ** 2: it still holds S / big.",
        {"(big * big_square - small * small_square) / (big - small)": "big_square"},
    ),
    weighs_by_the_wrong_sizes=Edit(
        "You multiply each square by the other's size: then S does not drop out.",
        {
            "big * big_square - small * small_square": (
                "small * big_square - big * small_square"
            )
        },
    ),
    subtracts_the_other_way=Edit(
        "Your noise has the wrong sign: the small batch has the longer gradients.",
        {"small_square - big_square": "big_square - small_square"},
    ),
    divides_by_the_sizes_themselves=Edit(
        "You divide by big - small where the noises differ by 1 / small - 1 / big.",
        {"(1 / small - 1 / big)": "(big - small)"},
    ),
    is_upside_down=Edit(
        "You divide the gradient by the noise: many examples are needed where the "
        "noise is large.",
        {"noise / signal": "signal / noise"},
    ),
    averages_quotients=Edit(
        "You divide pair by pair and average then: single estimates of the gradient "
        "are nearly zero or negative, and rule the mean.",
        {
            "np.mean(small_squares)": "np.asarray(small_squares)",
            "np.mean(big_squares)": "np.asarray(big_squares)",
            "return noise / signal": "return float(np.mean(noise / signal))",
        },
    ),
    takes_the_first_measurement=Edit(
        "You look at the first measurement only: one pair says nearly nothing.",
        {
            "np.mean(small_squares)": "small_squares[0]",
            "np.mean(big_squares)": "big_squares[0]",
        },
    ),
    returns_the_noise=Edit(
        "You return S alone: the scale is S over |G| ** 2.",
        {"noise / signal": "noise"},
    ),
    adds_the_squares_up=Edit(
        "You add the squares up: the longer row then counts more. Take the mean of "
        "each.",
        {
            "np.mean(small_squares), np.mean(big_squares)": (
                "np.sum(small_squares), np.sum(big_squares)"
            ),
        },
    ),
    takes_the_median=Edit(
        "You take the median: the two equations hold for means, and squares are "
        "skewed.",
        {
            "np.mean(small_squares), np.mean(big_squares)": (
                "np.median(small_squares), np.median(big_squares)"
            ),
        },
    ),
    squares_once_more=Edit(
        "You square once more: what you are given are squared lengths already.",
        {
            "np.mean(small_squares), np.mean(big_squares)": (
                "np.mean(np.square(small_squares)), np.mean(np.square(big_squares))"
            ),
        },
    ),
    weighs_the_other_way=Edit(
        "You multiply each square by the other's size, and subtract them the other "
        "way: then S does not drop out.",
        {
            "big * big_square - small * small_square": (
                "big * small_square - small * big_square"
            ),
        },
    ),
    lets_noise_grow=Edit(
        "Your noise grows with the batch, as S * B: a larger batch has less, S / B.",
        {
            "(big * big_square - small * small_square) / (big - small)": (
                "small_square - small * (big_square - small_square) / (big - small)"
            ),
            "(small_square - big_square) / (1 / small - 1 / big)": (
                "(big_square - small_square) / (big - small)"
            ),
        },
    ),
)
