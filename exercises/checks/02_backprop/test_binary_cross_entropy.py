"""binary_cross_entropy, chapter 02: The loss."""

import numpy as np
import pytest

from lrcourse import network
from lrcourse.grading import Curve, Edit, Mistakes, close

from .exercise import array

HINTS = [
    "What is the sigmoid of 40 in float64, and what is the logarithm of 1 minus that?",
    "Rewrite both logarithms in z. np.log1p(x) is log(1 + x) with all its digits.",
    "np.maximum(z, 0) - z * y + ..., where the last part never meets a large exponent.",
]


def library(logits, targets):
    return network.binary_cross_entropy(logits, targets)[0]


CURVE = Curve(
    range(-50, 51),
    call=lambda answer, z: answer(array([float(z)]), array([0.0])),
    expected=lambda z: library(array([float(z)]), array([0.0])),
    xlabel="logit",
    ylabel="loss, if the truth is no",
)


def test_not_knowing_costs_the_logarithm_of_two(binary_cross_entropy):
    for target in (0.0, 1.0):
        loss = binary_cross_entropy(array([0.0]), array([target]))
        assert close(loss, np.log(2)), "at p = 1/2 both answers cost log 2 = 0.693"


def test_a_yes_of_three_quarters(binary_cross_entropy):
    logits = array([np.log(3)])  # 1 / (1 + 1 / 3)
    assert close(binary_cross_entropy(logits, array([1.0])), np.log(4 / 3)), (
        "p = 3/4, and the truth is yes: minus the logarithm of 3/4"
    )
    assert close(binary_cross_entropy(logits, array([0.0])), np.log(4)), (
        "p = 3/4, and the truth is no: minus the logarithm of 1/4"
    )


def test_the_loss_of_a_batch_is_the_mean(binary_cross_entropy):
    logits, targets = array([0.0], [np.log(3)], [0.0], [0.0]), array([1], [0], [0], [1])
    loss = binary_cross_entropy(logits, targets)
    assert close(loss, (3 * np.log(2) + np.log(4)) / 4), (
        "three times log 2 and once log 4, over four"
    )


def test_several_outputs_are_averaged_too(binary_cross_entropy):
    loss = binary_cross_entropy(np.zeros((2, 3)), np.ones((2, 3)))
    assert close(loss, np.log(2)), "six numbers of log 2 have the mean log 2"


def test_the_best_answer_to_a_share_costs_its_entropy(binary_cross_entropy):
    logits = array([np.log(0.6 / 0.4)])  # p = 0.6
    entropy = -0.6 * np.log(0.6) - 0.4 * np.log(0.4)
    assert close(binary_cross_entropy(logits, array([0.6])), entropy), (
        "p = 0.6 for a target of 0.6: 0.673, and no logit costs less"
    )


def test_a_wrong_and_sure_answer_costs_its_logit(binary_cross_entropy):
    for z in (30.0, 40.0, 300.0):
        loss = binary_cross_entropy(array([z]), array([0.0]))
        assert close(loss, z), f"a sure yes, z = {z:g}, and the truth is no"
        loss = binary_cross_entropy(array([-z]), array([1.0]))
        assert close(loss, z), f"a sure no, z = {-z:g}, and the truth is yes"


def test_a_right_and_sure_answer_costs_nearly_nothing(binary_cross_entropy):
    # beside one that does not know: a rounding of nothing is no mistake of its own
    for z in (40.0, 300.0):
        loss = binary_cross_entropy(array([z], [0.0]), array([1.0], [1.0]))
        assert close(loss, np.log(2) / 2), f"z = {z:g} and right, and one log 2"
        loss = binary_cross_entropy(array([-z], [0.0]), array([0.0], [1.0]))
        assert close(loss, np.log(2) / 2), f"z = {-z:g} and right, and one log 2"


def test_no_exponential_overflows(binary_cross_entropy):
    loss = binary_cross_entropy(array([1000.0], [-1000.0]), array([0.0], [0.0]))
    assert close(loss, 500.0), "1000 and 0, over two: no exp(1000) on the way"
    loss = binary_cross_entropy(array([1000.0], [-1000.0]), array([1.0], [1.0]))
    assert close(loss, 500.0), "0 and 1000, over two: no exp(1000) on the way"


@pytest.mark.points(2)
def test_random_batches_have_the_library_s_loss(binary_cross_entropy, rng):
    for size in (0.1, 1.0, 10.0, 1000.0) * 5:
        shape = (int(rng.integers(1, 6)), int(rng.integers(1, 4)))
        logits, targets = rng.normal(0, size, shape), rng.random(shape)
        loss = binary_cross_entropy(logits.copy(), targets.copy())
        assert close(loss, library(logits, targets), atol=1e-12), (
            f"logits of about {size:g}, targets between 0 and 1: the mean of all"
        )


STABLE = "np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z)))"

MISTAKES = Mistakes(
    see="The loss",
    adds_up=Edit(
        "You add the losses up: with ten times the examples the gradient is ten times "
        "as long, and so is the step.",
        {"np.mean": "np.sum"},
    ),
    takes_the_logarithm_of_a_rounded_p=Edit(
        "You take the logarithm of 1 - p, and from z = 37 on p is rounded to 1: "
        "rewrite the loss in z.",
        {
            STABLE: "-y * np.log(1 / "
            "(1 + np.exp(-z))) - (1 - y) * np.log(1 - 1 / (1 + np.exp(-z)))"
        },
    ),
    clips_the_probability=Edit(
        "You clip the probability: beyond the clip all wrong answers are equally "
        "wrong, and their gradient is 0.",
        {
            STABLE: "-y * np.log("
            "np.clip(1 / (1 + np.exp(-z)), 1e-7, 1 - 1e-7)) - (1 - y) * np.log(1 - "
            "np.clip(1 / (1 + np.exp(-z)), 1e-7, 1 - 1e-7))"
        },
        see="Pitfalls",
    ),
    squares_the_error=Edit(
        "That is the mean squared error of the probability: asked for is the "
        "cross-entropy, minus the logarithm of what the truth was given.",
        {STABLE: "(1 / (1 + np.exp(-z)) - y) ** 2"},
        see="Confidently wrong",
    ),
    forgets_the_no=Edit(
        "You count the yes only: where the truth is no, the answer costs -log(1 - p).",
        {STABLE: "y * np.logaddexp(0, -z)"},
    ),
    swaps_yes_and_no=Edit(
        "You charge the right answers and not the wrong ones: yes and no are swapped.",
        {"z * y": "z * (1 - y)"},
    ),
    takes_base_two=Edit(
        "Your logarithm has base 2: at p = 1/2 the loss is log 2 = 0.693, not 1.",
        {"np.mean(losses)": "np.mean(losses) / np.log(2)"},
    ),
    overflows=Edit(
        "Your exponential overflows at large logits: let its exponent be negative.",
        {STABLE: "np.log1p(np.exp(z)) - z * y"},
    ),
    keeps_one_number_a_row=Edit(
        "You average over the outputs and not over the examples: return one number, "
        "the mean of all.",
        {"np.mean(losses)": "np.mean(losses, axis=1)"},
    ),
    takes_logits_for_probabilities=Edit(
        "You take the logits for probabilities: the sigmoid of z is the probability.",
        {STABLE: "-y * np.log(z) - (1 - y) * np.log(1 - z)"},
    ),
    divides_by_the_examples=Edit(
        "You divide by the examples alone: the mean is that over all numbers, outputs"
        " too.",
        {
            "np.mean(losses)": "np.sum(losses) / len(losses)",
        },
    ),
    adds_the_target=Edit(
        "You add z * y: it is taken away, so that a sure yes costs nothing where the "
        "truth is yes.",
        {
            "- z * y": "+ z * y",
        },
    ),
    leaves_the_size_out=Edit(
        "You leave the |z| out: below zero the exponential then counts z once more, "
        "and far below it overflows.",
        {
            "np.abs(z)": "z",
        },
    ),
    keeps_one_number_an_output=Edit(
        "You average over the examples and not over the outputs: return one number, "
        "the mean of all.",
        {
            "np.mean(losses)": "np.mean(losses, axis=0)",
        },
    ),
    keeps_all_numbers=Edit(
        "You return a loss for every number: return their mean.",
        {
            "np.mean(losses)": "losses",
        },
    ),
    takes_log2=Edit(
        "Your logarithm has base 2: at p = 1/2 the loss is log 2 = 0.693, not 1.",
        {
            "np.log1p(np.exp(-np.abs(z)))": "np.log2(1 + np.exp(-np.abs(z)))",
        },
    ),
)
