"""run_updates, chapter 02: Equal weights, and XOR."""

import numpy as np
import pytest

from lrcourse.grading import Curve, Edit, Mistakes, close, raises

from .exercise import array

HINTS = [
    "Three things in each turn, in this order: ask, note, move.",
    "The next turn asks at the parameters that this one made.",
    "A new dict of new arrays: w - lr * grads[name] for every name.",
]


def bowl(params):
    loss = sum(float(np.sum(w**2)) for w in params.values())
    return loss, {name: 2 * w for name, w in params.items()}


def _moved(run_updates, steps):
    params, _ = _pair(run_updates(bowl, {"w": array(1.0)}, 0.1, int(steps)))
    return float(params["w"][0])


def _pair(returned):
    is_pair = isinstance(returned, tuple) and len(returned) == 2
    assert close("a tuple of 2" if is_pair else "something else", "a tuple of 2"), (
        "return the parameters and the list of losses, as a tuple of two"
    )
    return returned


CURVE = Curve(
    range(0, 21),
    call=_moved,
    expected=lambda steps: 0.8**steps,
    xlabel="updates",
    ylabel="w, on the loss w ** 2",
)


def test_one_update_is_a_step_against_the_gradient(run_updates):
    params, _ = _pair(run_updates(bowl, {"w": array(1.0)}, 0.25, 1))
    assert close(params, {"w": array(0.5)}), "from 1, against 2, by a quarter of it"


def test_the_second_update_has_its_own_gradient(run_updates):
    params, _ = _pair(run_updates(bowl, {"w": array(1.0)}, 0.25, 2))
    assert close(params, {"w": array(0.25)}), "at 0.5 the gradient is 1, no longer 2"


def test_the_losses_are_those_before_each_update(run_updates):
    _, losses = _pair(run_updates(bowl, {"w": array(1.0)}, 0.25, 3))
    assert close(losses, [1.0, 0.25, 0.0625]), "three updates, from 1, 0.5 and 0.25"


def test_every_parameter_moves(run_updates):
    given = {"W1": array([1.0, 2.0]), "b1": array(-4.0)}
    params, losses = _pair(run_updates(bowl, given, 0.25, 1))
    assert close(params, {"W1": array([0.5, 1.0]), "b1": array(-2.0)}), (
        "weights and biases alike, each by its own gradient"
    )
    assert close(losses, [21.0]), "1 + 4 + 16, before the update"


def test_no_updates_change_nothing(run_updates):
    params, losses = _pair(run_updates(bowl, {"w": array(1.0)}, 0.25, 0))
    assert close(params, {"w": array(1.0)}), "nothing was asked for"
    assert close(losses, []), "no update, no loss before one"
    params, _ = _pair(run_updates(bowl, {"w": array(1.0)}, 0.25, 4))
    assert close(params, {"w": array(0.0625)}), "and four updates halve it four times"


def test_the_gradient_is_asked_for_once_an_update(run_updates):
    asked = []

    def listening(params):
        asked.append(float(params["w"][0]))
        return bowl(params)

    run_updates(listening, {"w": array(1.0)}, 0.25, 3)
    assert close(asked, [1.0, 0.5, 0.25]), (
        "once an update, at the weights where the run stands"
    )


def test_the_given_parameters_stay_as_they_were(run_updates):
    given = {"w": array(1.0, 2.0)}
    params, _ = _pair(run_updates(bowl, given, 0.25, 3))
    assert close(params, {"w": array(0.125, 0.25)}), "three times half of the rest"
    assert close(given, {"w": array(1.0, 2.0)}), (
        "whoever gave them may want to start again, with another rate"
    )


def test_a_forgotten_gradient_is_a_key_error(run_updates):
    def half(params):
        return 1.0, {"W2": params["W2"]}

    given = {"W1": array(1.0), "W2": array(1.0)}
    assert raises("KeyError", run_updates, half, given, 0.1, 2), (
        "W1 has no gradient: what would happen to that layer if nobody complained?"
    )


@pytest.mark.points(2)
def test_random_runs_end_where_the_formula_says(run_updates, rng):
    for _ in range(20):
        given = {name: rng.normal(size=(2, 3)) for name in ("W1", "b1", "W2")}
        lr, steps = float(rng.uniform(0.05, 0.6)), int(rng.integers(1, 6))
        params, losses = _pair(run_updates(bowl, given, lr, steps))
        factor = 1 - 2 * lr
        expected = {name: w * factor**steps for name, w in given.items()}
        assert close(params, expected, atol=1e-12), (
            f"rate {lr:.2f}: each update multiplies every number by {factor:.2f}"
        )
        first = bowl(given)[0]
        expected_losses = [first * factor ** (2 * step) for step in range(steps)]
        assert close(losses, expected_losses, atol=1e-12), (
            "each loss is that from before its update"
        )


MISTAKES = Mistakes(
    see="Equal weights, and XOR",
    climbs=Edit(
        "You walk uphill: the gradient points to where the loss grows.",
        {"w - lr": "w + lr"},
    ),
    takes_a_missing_gradient_for_zero=Edit(
        "You take a missing gradient for zero: that layer will never train, and "
        "nothing will tell you.",
        {"grads[name]": "grads.get(name, 0.0)"},
        see="Network in columns",
    ),
    forgets_the_rate=Edit(
        "You step by the whole gradient: the rate has no effect.",
        {"lr * grads[name]": "grads[name]"},
    ),
    starts_anew=Edit(
        "You ask for the gradient where the run began: every update has its own, where "
        "the run stands.",
        {
            "losses = []": "losses, first = [], params",
            "loss_and_grads(params)": "loss_and_grads(first)",
        },
    ),
    takes_one_update_only=Edit(
        "You take one update: is the `return` inside the loop, or is `steps` unused?",
        {"range(steps)": "range(min(steps, 1))"},
    ),
    takes_one_too_many=Edit(
        "You take one update too many: `steps` of them.",
        {"range(steps)": "range(steps + 1)"},
    ),
    notes_the_loss_after=Edit(
        "Your losses are those after the updates: note each before its update.",
        {
            "losses.append(loss)\n        ": "",
            "for name, w in params.items()}": "for name, w in params.items()}\n"
            "        losses.append(loss_and_grads(params)[0])",
        },
    ),
    keeps_the_last_loss_only=Edit(
        "You return one loss: the list has the loss before every update.",
        {"return params, losses": "return params, losses[-1:]"},
    ),
    moves_the_weights_only=Edit(
        "You move the weights only: biases take the step, too.",
        {"lr * grads[name]": 'lr * grads[name] * (name[0] in "Ww")'},
    ),
    notes_one_loss_too_many=Edit(
        "You note one loss too many: that after the last update is not asked for.",
        {
            "return params, losses": (
                "return params, [*losses, loss_and_grads(params)[0]]"
            ),
        },
    ),
)


@MISTAKES.written_out()
def keeps_one_gradient(loss_and_grads, params, lr, steps):
    """You use one gradient for all updates: after the first it belongs to weights where
    the run no longer is."""
    losses = []
    _, grads = loss_and_grads(params)
    for _ in range(steps):
        losses.append(loss_and_grads(params)[0])
        params = {name: w - lr * grads[name] for name, w in params.items()}
    return params, losses


@MISTAKES.written_out()
def changes_what_it_was_given(loss_and_grads, params, lr, steps):
    """You write into the parameters that you were given: `-=` changes the array
    itself, and copying the dict does not copy the arrays in it."""
    losses = []
    for _ in range(steps):
        loss, grads = loss_and_grads({name: w.copy() for name, w in params.items()})
        losses.append(loss)
        for name in params:
            params[name] -= lr * grads[name]
    return params, losses
