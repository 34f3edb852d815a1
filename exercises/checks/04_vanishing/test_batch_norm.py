"""batch_norm, chapter 04: Batch normalisation."""

import copy

import numpy as np
import pytest

from lrcourse.grading import Edit, Mistakes, close
from lrcourse.network import layers

from .exercise import array, tuple_of

HINTS = [
    "Which mean and variance are used depends on training; what follows does not.",
    "Columns are features: axis=0.",
    "z.var(axis=0) has the divisor n, z.var(axis=0, ddof=1) the divisor n - 1.",
    "(1 - momentum) of the old running value, momentum of the batch's.",
]
ONE, ZERO = array(1), array(0)
COLUMN = array([-1], [1])  # mean 0, variance 1, with the divisor n - 1 it is 2
THREE = "return the batch, the running mean and the running variance, as a tuple"


def results(batch_norm, *args, **settings):
    return tuple_of(3, batch_norm(*args, **settings), THREE)


def test_in_training_a_batch_gets_mean_0_and_variance_1(batch_norm):
    z = array([3], [7])
    normed, _, _ = results(batch_norm, z, ONE, ZERO, ZERO, ONE, True, eps=0.0)
    assert close(normed, array([-1], [1])), "its mean is 5, its standard deviation 2"


def test_each_column_is_a_feature_of_its_own(batch_norm):
    z = array([3, 100], [7, 300])
    ones, zeros = array(1, 1), array(0, 0)
    normed, _, _ = results(batch_norm, z, ones, zeros, zeros, ones, True, eps=0.0)
    assert close(normed, array([-1, -1], [1, 1])), (
        "column by column: 3 and 7 belong together, not 3 and 100"
    )


def test_scale_and_shift_come_last(batch_norm):
    z = array([3], [7])
    normed, _, _ = results(batch_norm, z, array(10), array(1), ZERO, ONE, True, eps=0.0)
    assert close(normed, array([-9], [11])), "10 times -1 and 1, and 1 more"


def test_eps_stands_under_the_root(batch_norm):
    normed, _, _ = results(batch_norm, COLUMN, ONE, ZERO, ZERO, ONE, True, eps=3.0)
    assert close(normed, array([-0.5], [0.5])), "the root of 1 + 3 is 2"


def test_the_running_mean_takes_in_a_share_of_the_batch(batch_norm):
    _, mean, _ = results(
        batch_norm, array([3], [7]), ONE, ZERO, array(1), ONE, True, momentum=0.25
    )
    assert close(mean, array(2)), "three quarters of 1 and one quarter of 5"


def test_the_running_variance_takes_in_the_unbiased_one(batch_norm):
    _, _, var = results(batch_norm, COLUMN, ONE, ZERO, ZERO, ONE, True, momentum=0.5)
    assert close(var, array(1.5)), "half of 1, and half of 2: the divisor is n - 1"


def test_in_training_the_running_moments_do_not_normalise(batch_norm):
    z = array([3], [7])
    normed, _, _ = results(
        batch_norm, z, array(2), ZERO, array(50), array(9), True, momentum=0.5, eps=0.0
    )
    assert close(normed, array([-2], [2])), "the batch's own moments make it -1 and 1"


def test_in_evaluation_the_running_moments_normalise(batch_norm):
    z = array([3], [7])
    normed, _, _ = results(batch_norm, z, ONE, ZERO, array(1), array(4), False, eps=0.0)
    assert close(normed, array([1], [3])), "minus 1, then divided by the root of 4"


def test_in_evaluation_the_running_moments_stay(batch_norm):
    z = array([3], [7])
    normed, mean, var = results(
        batch_norm, z, ONE, ZERO, array(1), array(4), False, eps=0.0
    )
    assert close(normed, array([1], [3])), "minus 1, then divided by the root of 4"
    assert close((mean, var), (array(1), array(4))), (
        "what is predicted must not change what is predicted next"
    )


def test_one_example_can_be_evaluated(batch_norm):
    normed, _, _ = results(
        batch_norm, array([5]), ONE, ZERO, array(1), array(4), False, eps=0.0
    )
    assert close(normed, array([2])), "(5 - 1) / 2, without looking at the batch"


def test_given_moments_stay(batch_norm):
    z, mean, var = array([3], [7]), array(1), array(4)
    normed, new_mean, _ = results(
        batch_norm, z, ONE, ZERO, mean, var, True, momentum=0.5, eps=0.0
    )
    assert close(normed, array([-1], [1])), "its mean is 5, its standard deviation 2"
    assert close(new_mean, array(3)), "half of 1 and half of 5"
    assert close((z, mean, var), (array([3], [7]), array(1), array(4))), (
        "the results are new arrays"
    )


@pytest.mark.points(2)
def test_random_batches_come_out_like_the_library_s(batch_norm, rng):
    for _ in range(10):
        examples, features = (int(n) for n in rng.integers(2, 6, 2))
        z = rng.normal(3, 5, (examples, features))
        scale, shift, mean = rng.normal(size=(3, features))
        var = rng.uniform(0.5, 5, features)
        momentum, eps = float(rng.uniform(0, 1)), float(rng.uniform(0.1, 2))
        for training in (True, False):
            given = copy.deepcopy((z, scale, shift, mean, var))
            got = results(batch_norm, *given, training, momentum=momentum, eps=eps)
            expected = _library(z, scale, shift, mean, var, training, momentum, eps)
            assert close(got, expected, rtol=1e-7, atol=1e-9), (
                "in training the batch's moments, in evaluation the running ones"
            )


def _library(z, scale, shift, mean, var, training, momentum, eps):
    """Return what the library's functions do, with an eps of one's own."""
    apart = eps - layers.BATCH_NORM_EPS  # the library's own is fixed
    used = (z.mean(axis=0), z.var(axis=0)) if training else (mean, var)
    result, normed = layers.batch_norm(z, scale, shift, (used[0], used[1] + apart))
    if training:
        normed = normed._replace(var=used[1])
        mean, var = layers.running_moments(mean, var, normed, momentum)
    return result, mean, var


MISTAKES = Mistakes(
    see="Batch normalisation",
    normalises_examples=Edit(
        "You normalise rows: each column is a feature, and it is a feature that gets "
        "mean 0 over the batch.",
        {
            "z.mean(axis=0), z.var(axis=0)": "z.mean(axis=1, keepdims=True), "
            "z.var(axis=1, keepdims=True)",
            "momentum * used_mean": "momentum * z.mean(axis=0)",
        },
    ),
    normalises_by_n_minus_1=Edit(
        "You normalise by the variance with the divisor n - 1: the batch's own has the "
        "divisor n, so that the result has variance 1.",
        {"z.mean(axis=0), z.var(axis=0)": "z.mean(axis=0), z.var(axis=0, ddof=1)"},
    ),
    averages_the_biased_variance=Edit(
        "You average the variance with the divisor n: what is averaged estimates that "
        "of all data, with n - 1.",
        {", ddof=1": ""},
    ),
    puts_eps_outside=Edit(
        "You add eps to the root: it stands under the root, beside the variance.",
        {"np.sqrt(used_var + eps)": "(np.sqrt(used_var) + eps)"},
    ),
    forgets_eps=Edit(
        "You leave out eps: a feature that is the same in the whole batch is then "
        "divided by zero.",
        {"used_var + eps": "np.maximum(used_var, 1e-300)"},
    ),
    forgets_the_root=Edit(
        "You divide by the variance: its root, the standard deviation, makes it 1.",
        {"np.sqrt(used_var + eps)": "(used_var + eps)"},
    ),
    reads_momentum_as_keras=Edit(
        "You read momentum as Keras does, as the share of the old value: here it is "
        "the share of the new batch.",
        {
            "(1 - momentum) * mean + momentum * used_mean": "momentum * mean + "
            "(1 - momentum) * used_mean",
            "(1 - momentum) * var + momentum * z": "momentum * var + "
            "(1 - momentum) * z",
        },
    ),
    uses_the_batch_in_evaluation=Edit(
        "You normalise by the batch in evaluation, too: what an example gets must not "
        "depend on its neighbours.",
        {
            "used_mean, used_var = mean, var": "used_mean, used_var = z.mean(axis=0), "
            "z.var(axis=0)"
        },
    ),
    uses_the_running_ones_in_training=Edit(
        "You normalise by the running moments in training: there the batch's own are "
        "used.",
        {
            "z - used_mean": "z - mean",
            "np.sqrt(used_var": "np.sqrt(var",
        },
    ),
    forgets_the_old_moments=Edit(
        "You forget the running moments from before: the batch has the share momentum "
        "alone.",
        {
            "(1 - momentum) * mean + momentum * used_mean": "used_mean",
            "(1 - momentum) * var + momentum * z": "z",
        },
    ),
    shifts_before_it_scales=Edit(
        "You shift before you scale: the shift comes last, as it is.",
        {"scale * values + shift": "scale * (values + shift)"},
    ),
    forgets_scale_and_shift=Edit(
        "You leave out scale and shift: without them the layer could say less than "
        "before.",
        {"scale * values + shift": "values"},
    ),
    normalises_all_as_one=Edit(
        "You take one mean and one variance of the whole batch: each column, axis=0, "
        "has its own.",
        {
            "z.mean(axis=0), z.var(axis=0)": "z.mean(), z.var()",
            "z.var(axis=0, ddof=1)": "z.var(ddof=1)",
        },
    ),
)


@MISTAKES.written_out()
def writes_into_the_running_moments(
    z, scale, shift, mean, var, training, momentum=0.1, eps=1e-5
):
    """You write into the running moments that you were given: += changes the array
    itself, for everybody who holds it."""
    used_mean, used_var = mean, var
    if training:
        used_mean, used_var = z.mean(axis=0), z.var(axis=0)
        mean += momentum * (used_mean - mean)
        var += momentum * (z.var(axis=0, ddof=1) - var)
    return scale * (z - used_mean) / np.sqrt(used_var + eps) + shift, mean, var


@MISTAKES.written_out()
def updates_in_evaluation(z, scale, shift, mean, var, training, momentum=0.1, eps=1e-5):
    """You update the running moments in evaluation, too: a prediction would change the
    next one."""
    used_mean, used_var = mean, var
    if training:
        used_mean, used_var = z.mean(axis=0), z.var(axis=0)
    values = (z - used_mean) / np.sqrt(used_var + eps)
    mean = (1 - momentum) * mean + momentum * z.mean(axis=0)
    unbiased = z.var(axis=0, ddof=1) if len(z) > 1 else np.nan * mean
    var = (1 - momentum) * var + momentum * unbiased
    return scale * values + shift, mean, var
