import numpy as np
import pytest

from lrcourse.optimizers import SGD, Adagrad, Adam, AMSGrad, RMSprop
from lrcourse.problems import LeastSquares
from lrcourse.problems.counterexamples import AlternatingSlopes, Projected, wilson
from lrcourse.training import descend

STREAM = AlternatingSlopes()
LONG = AlternatingSlopes(rise=1010, fall=10, period=101)
WILSON = wilson(examples=100, test_examples=100)


@pytest.mark.parametrize("stream", [STREAM, LONG])
def test_a_stream_rises_once_in_a_period_and_on_average(stream):
    slopes = [stream.slope(step) for step in range(4 * stream.period)]
    assert slopes[0] == slopes[stream.period] == stream.rise
    assert slopes.count(stream.rise) == 4
    assert np.mean(slopes) == pytest.approx(stream.mean_slope)


@pytest.mark.parametrize(
    ("rule", "end"),
    [
        (Adam(beta1=0.0, beta2=STREAM.beta2), 1.0),
        (AMSGrad(beta1=0.0, beta2=STREAM.beta2), -1.0),
        (SGD(), -1.0),
        (Adam(beta1=0.0, beta2=0.999), -1.0),  # a long memory keeps the large gradient
    ],
)
def test_adam_with_a_short_memory_ends_at_the_worst_point(rule, end):
    run = play(STREAM, rule, steps=3000)
    assert run.weights[-1, 0] == pytest.approx(end, abs=0.02)


@pytest.mark.parametrize(("rule", "regret"), [(Adam, 2 / 3), (AMSGrad, 0.0)])
def test_adam_goes_on_paying_and_amsgrad_does_not(rule, regret):
    # at +1 a period costs 3 - 1 - 1 more than nothing, and at -1 as much less
    run = play(STREAM, rule(beta1=0.0, beta2=STREAM.beta2), steps=3000)
    paid = STREAM.average_regret(run.weights[:-1, 0])
    assert paid[-1] == pytest.approx(regret, abs=0.02)


def test_regret_is_what_was_paid_above_the_best_point():
    assert STREAM.average_regret(np.array([0.0, 0.0, 1.0])) == pytest.approx(
        [3, (3 - 1) / 2, (3 - 1 - 2) / 3]
    )
    assert not STREAM.average_regret(-np.ones(9)).any()
    with pytest.raises(ValueError, match=r"w must have shape \(steps,\)"):
        STREAM.average_regret(np.zeros((3, 1)))


def test_every_replay_begins_at_the_beginning():
    w = np.zeros((2, 1))
    for _ in range(2):
        replay = STREAM.replay()
        seen = [replay.grad(w)[0, 0] for _ in range(4)]
        assert seen == [3, -1, -1, 3]
        assert replay.grad(w).shape == (2, 1)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"rise": 2.0}, r"rise must be above fall \* \(period - 1\), got rise=2.0"),
        ({"fall": 0.0}, "fall must be positive and finite, got 0.0"),
        ({"period": 1}, "period must be an integer of 2 or more, got 1"),
        ({"rise": np.nan}, "rise must be positive and finite, got nan"),
    ],
)
def test_a_stream_that_does_not_rise_is_refused(settings, message):
    with pytest.raises(ValueError, match=message):
        AlternatingSlopes(**settings)


def test_projection_stops_at_the_wall_and_keeps_the_rule_s_memory():
    rule, w = Projected(SGD(momentum=0.5), low=-1, high=2), np.array([0.0, 0.0])
    state = rule.init(w)
    w, state = rule.step(w, np.array([10.0, -1.0]), state, lr=1.0)
    assert w.tolist() == [-1, 1]
    assert state.tolist() == [10, -1]


def test_walls_in_the_wrong_order_are_refused():
    with pytest.raises(ValueError, match="low must be below high=-1, got 1"):
        Projected(SGD(), low=1, high=-1)


def test_gradient_descent_labels_wilson_s_new_examples_right():
    problem = LeastSquares(WILSON.inputs, WILSON.labels)
    w = fitted(problem, SGD(), lr=1 / problem.sharpness, steps=1000)
    assert share_right(w, WILSON.inputs, WILSON.labels) == 1
    assert share_right(w, WILSON.test_inputs, WILSON.test_labels) == 1
    assert share_right(problem.minimum, WILSON.test_inputs, WILSON.test_labels) == 1


@pytest.mark.parametrize(
    ("rule", "lr"), [(Adagrad(), 0.1), (RMSprop(), 0.003), (Adam(), 0.01)]
)
def test_an_adaptive_method_calls_every_new_example_positive(rule, lr):
    w = fitted(LeastSquares(WILSON.inputs, WILSON.labels), rule, lr, steps=200)
    assert share_right(w, WILSON.inputs, WILSON.labels) == 1
    assert (WILSON.test_inputs @ w > 0).all()
    positives = (WILSON.test_labels > 0).mean()
    assert share_right(w, WILSON.test_inputs, WILSON.test_labels) == positives < 1


def test_signs_alone_fit_wilson_s_labels_exactly():
    signs = np.sign(WILSON.inputs.T @ WILSON.labels)
    assert np.array_equal(WILSON.inputs @ signs, 4 * WILSON.labels)


def test_no_two_of_wilson_s_examples_share_a_feature_of_their_own():
    own = np.concatenate([WILSON.inputs, WILSON.test_inputs])[:, 3:]
    assert own.sum(axis=0).max() == 1
    labels = np.concatenate([WILSON.labels, WILSON.test_labels])
    assert np.array_equal(own.sum(axis=1), np.where(labels > 0, 1, 5))
    assert WILSON.inputs.shape == (100, 3 + 5 * 200)


def test_the_seed_decides_wilson_s_labels():
    first, again, other = (wilson(50, 50, seed=seed).labels for seed in (0, 0, 1))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"examples": 0}, "examples must be a positive integer, got 0"),
        ({"positive_share": 0.5}, "positive_share must be above one half"),
        ({"positive_share": 1.0}, "positive_share must be above one half"),
    ],
)
def test_wilson_s_data_need_a_positive_majority(settings, message):
    with pytest.raises(ValueError, match=message):
        wilson(**settings)


def play(stream, rule, steps):
    return descend(
        stream.replay(),
        Projected(rule),
        lambda step: 0.5 / (step + 1) ** 0.5,
        np.zeros(1),
        steps,
    )


def fitted(problem, rule, lr, steps):
    start = np.zeros(problem.inputs.shape[1])
    return descend(problem, rule, lambda step: lr, start, steps).weights[-1]


def share_right(w, inputs, labels):
    return (np.sign(inputs @ w) == labels).mean()
