"""gradient_step, chapter 01: The update rule."""

import numpy as np
import pytest

from lrcourse.grading import Curve, Edit, Mistakes, close, raises

HINTS = [
    "Which names do the two dicts share, and which of the two must be complete?",
    "Make a new dict. Subtracting makes a new array by itself; -= does not.",
    "Each new value is the old one minus lr times the gradient of the same name.",
]


def _run_in_valley(gradient_step, steps):
    params = {"w": np.array([1.0])}
    for _ in range(steps):
        params = gradient_step(params, {"w": 2 * params["w"]}, lr=0.1)
    return float(params["w"][0])


CURVE = Curve(
    x=range(0, 21),
    call=_run_in_valley,
    expected=lambda step: 0.8**step,
    ylabel="w, on the loss w ** 2",
)


def test_a_parameter_moves_by_lr_times_its_gradient(gradient_step):
    after = gradient_step({"W1": np.array([1.0])}, {"W1": np.array([2.0])}, lr=0.1)
    assert close(after, {"W1": np.array([0.8])}), (
        "from 1, against a gradient of 2, with lr 0.1: which way, and how far?"
    )


def test_every_parameter_takes_the_step(gradient_step):
    params = {"W1": np.array([[1.0, 2.0]]), "b1": np.array([0.5])}
    grads = {"b1": np.array([-1.0]), "W1": np.array([[1.0, -4.0]])}
    after = gradient_step(params, grads, lr=0.5)
    assert close(after, {"W1": np.array([[0.5, 4.0]]), "b1": np.array([1.0])}), (
        "weights and biases alike, each with the gradient of its own name"
    )


def test_the_arrays_it_was_given_are_left_alone(gradient_step):
    params = {"W1": np.array([1.0, 2.0])}
    grads = {"W1": np.array([1.0, 1.0])}
    after = gradient_step(params, grads, lr=0.5)
    assert close(after, {"W1": np.array([0.5, 1.5])}), "half of 1 off each of the two"
    assert close(params, {"W1": np.array([1.0, 2.0])}), (
        "somebody may still need the parameters from before the step"
    )
    assert close(grads, {"W1": np.array([1.0, 1.0])}), "the gradients are not yours"


def test_a_missing_gradient_is_a_key_error(gradient_step):
    params = {"W1": np.array([1.0]), "W2": np.array([1.0])}
    assert raises("KeyError", gradient_step, params, {"W2": np.array([1.0])}, lr=0.1), (
        "W1 has no gradient: what would happen to that layer if nobody complained?"
    )


def test_a_gradient_without_a_parameter_is_ignored(gradient_step):
    grads = {"W1": np.array([1.0]), "W9": np.array([1.0])}
    after = gradient_step({"W1": np.array([1.0])}, grads, lr=0.5)
    assert close(after, {"W1": np.array([0.5])}), "the result has the names of params"


@pytest.mark.points(2)
def test_random_networks_take_the_step(gradient_step, rng):
    for _ in range(20):
        shapes = {"W1": (3, 2), "b1": (3, 1), "W2": (1, 3), "scale": (2,)}
        params = {name: rng.normal(size=shape) for name, shape in shapes.items()}
        grads = {name: rng.normal(size=shape) for name, shape in shapes.items()}
        before = {name: value.copy() for name, value in params.items()}
        lr = float(10 ** rng.uniform(-4, 0))
        expected = {name: before[name] - lr * grads[name] for name in shapes}
        assert close(gradient_step(params, grads, lr), expected, atol=1e-12), (
            "any shapes, any names: each value against its own gradient"
        )
        assert close(params, before), "the parameters from before must survive"


MISTAKES = Mistakes(
    see="The update rule",
    climbs=Edit(
        "You walk uphill: the gradient points to where the loss grows.",
        {"value - lr": "value + lr"},
    ),
    takes_a_missing_gradient_for_zero=Edit(
        "You take a missing gradient for zero: that layer will never train, and "
        "nothing will tell you.",
        {"grads[name]": "grads.get(name, 0.0)"},
        see="Pitfalls",
    ),
    drops_what_has_no_gradient=Edit(
        "A parameter without a gradient is lost from your result, and nothing tells "
        "you: it should raise KeyError.",
        {
            "value -": "params[name] -",
            "name, value in params.items()": "name in grads if name in params",
        },
        see="Pitfalls",
    ),
    goes_through_the_gradients=Edit(
        "You go through the gradients: a parameter without one is lost, and a gradient "
        "without a parameter raises KeyError. Go through the parameters.",
        {
            "value -": "params[name] -",
            "name, value in params.items()": "name in grads",
        },
        see="Pitfalls",
    ),
    forgets_the_rate=Edit(
        "You step by the whole gradient: the rate has no effect.",
        {"lr * grads": "grads"},
    ),
    pairs_by_position=Edit(
        "You pair parameters and gradients by their place: the two dicts may be in "
        "another order. Look the gradient up by its name.",
        {
            "grads[name]": "grad",
            "name, value in params.items()": "(name, value), grad in "
            "zip(params.items(), grads.values())",
        },
    ),
    stops_after_the_first=Edit(
        "Only the first parameter is in your result: is the `return` inside the loop?",
        {"params.items()": "[*params.items()][:1]"},
    ),
    raises_another_error=Edit(
        "You raise ValueError for a missing gradient: KeyError is asked for.",
        {"lr * grads[name]": "lr * (grads[name] if name in grads else int(name))"},
    ),
    moves_the_weights_only=Edit(
        "You move the weights only: every parameter in the dict takes the step, "
        "biases too.",
        {"grads[name]": 'grads[name] if name.startswith("W") else value'},
    ),
    returns_the_move=Edit(
        "You return the move alone: add it to where the parameters are.",
        {"value - lr": "-lr"},
    ),
)


@MISTAKES.written_out()
def changes_what_it_was_given(params, grads, lr):
    """You write into what you were given, so the old parameters are gone: `-=` changes
    the array itself, and copying the dict does not copy the arrays in it."""
    for name in params:
        params[name] -= lr * grads[name]
    return params


@MISTAKES.written_out()
def changes_the_gradients(params, grads, lr):
    """You write into the gradients you were given: they belong to somebody else."""
    after = {}
    for name, value in params.items():
        grads[name] *= lr
        after[name] = value - grads[name]
    return after
