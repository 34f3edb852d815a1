"""Series made of what updates saw: the lengths of layers, and of the whole network."""

import numpy as np
import pytest

from lrcourse.network import MLP
from lrcourse.optimizers import SGD, Seen, Watched, global_norm
from lrcourse.schedules import constant
from lrcourse.training import symptoms, train

NET = MLP((4, 5, 3))
RNG = np.random.default_rng(0)
BATCHES = [(RNG.standard_normal((8, 4)), RNG.integers(0, 3, 8)) for _ in range(6)]
RUN = train(NET.loss_and_grads, Watched(SGD()), constant(0.1), NET.init(0), BATCHES)


def test_the_whole_network_has_the_length_of_all_its_arrays():
    params, series = NET.init(0), symptoms(RUN.state.seen)
    assert np.array_equal(series["loss"], RUN.losses)
    for step, (x, y) in enumerate(BATCHES):
        _, grads = NET.loss_and_grads(params, x, y)
        length = global_norm(grads)
        assert series["gradient"][step] == pytest.approx(length, rel=1e-12)
        ratio = 0.1 * length / global_norm(params)
        assert series["update / weight"][step] == pytest.approx(ratio, rel=1e-12)
        params = {name: w - 0.1 * grads[name] for name, w in params.items()}


def test_a_layer_has_its_own():
    seen = RUN.state.seen
    series = symptoms(seen, ["W2"])
    assert series["gradient"].tolist() == [each.gradients["W2"] for each in seen]
    ratios = [each.steps["W2"] / each.weights["W2"] for each in seen]
    assert series["update / weight"].tolist() == ratios


def test_an_update_over_weights_of_zero_is_infinite():
    assert symptoms(RUN.state.seen, ["b1"])["update / weight"][0] == np.inf


def test_members_have_a_series_each():
    lengths = {"w": np.array([3.0, 1.0]), "v": np.array([4.0, 0.0])}
    seen = [Seen(np.ones(2), lengths, lengths, lengths)] * 3
    series = symptoms(seen)
    assert series["gradient"].tolist() == [[5.0, 1.0]] * 3
    assert series["update / weight"].shape == series["loss"].shape == (3, 2)


@pytest.mark.parametrize(
    ("seen", "names", "says"),
    [
        ([], None, "seen must hold one update or more, got none"),
        (RUN.state.seen, ["W9"], r"names must be some of \['W1', .*, got \['W9'\]"),
        (RUN.state.seen, [], r"names must be some of .*, got \[\]"),
    ],
)
def test_what_was_not_seen_is_refused(seen, names, says):
    with pytest.raises(ValueError, match=says):
        symptoms(seen, names)
