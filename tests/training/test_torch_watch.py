"""What updates of an `nn.Module` did: NumPy's numbers on the same network."""

import numpy as np
import pytest
import torch
from torch import nn

from lrcourse.data import batches
from lrcourse.network import MLP
from lrcourse.optimizers import SGD, Adam, Clipped, Watched
from lrcourse.schedules import cosine
from lrcourse.training import train
from lrcourse.training.torch_loop import fit, freeze

NET = MLP((6, 5, 4, 3), activation="tanh")
RNG = np.random.default_rng(0)
X, Y = RNG.standard_normal((40, 6)), RNG.integers(0, 3, 40)
NAMES = {
    **{"W1": "0.weight", "b1": "0.bias", "W2": "2.weight", "b2": "2.bias"},
    **{"W3": "4.weight", "b3": "4.bias"},
}
SCHEDULE = cosine(0.1, 12)


def order(kind=np.asarray):
    return batches(kind(X), kind(Y), batch_size=10, epochs=3, seed=1)


def twin():
    layers = [nn.Linear(6, 5), nn.Tanh(), nn.Linear(5, 4), nn.Tanh(), nn.Linear(4, 3)]
    model = nn.Sequential(*layers).double()
    with torch.no_grad():
        for w, ours in zip(model.parameters(), NET.init(0).values(), strict=True):
            w.copy_(torch.from_numpy(ours).mT.reshape(w.shape))
    return model


def clipping(weights):
    weights = list(weights)
    optimizer = torch.optim.SGD(weights)
    optimizer.register_step_pre_hook(
        lambda *_: nn.utils.clip_grad_norm_(weights, 0.1) and None
    )
    return optimizer


@pytest.mark.parametrize(
    ("rule", "optimizer"),
    [
        (SGD(), torch.optim.SGD),
        (SGD(momentum=0.9), lambda weights: torch.optim.SGD(weights, momentum=0.9)),
        (Adam(), torch.optim.Adam),
        (Clipped(SGD(), max_norm=0.1), clipping),
    ],
)
def test_what_fit_sees_is_what_numpy_sees(rule, optimizer):
    run = train(NET.loss_and_grads, Watched(rule), SCHEDULE, NET.init(0), order())
    model = twin()
    pairs = order(torch.from_numpy)
    record = fit(model, optimizer(model.parameters()), SCHEDULE, pairs, watch=True)
    assert len(record.seen) == len(run.state.seen) == 12
    for theirs, ours in zip(record.seen, run.state.seen, strict=True):
        assert theirs.loss == pytest.approx(ours.loss, rel=1e-12)
        for lengths, expected in zip(theirs[1:], ours[1:], strict=True):
            expected = {NAMES[name]: length for name, length in expected.items()}
            assert lengths == pytest.approx(expected, rel=1e-12, abs=1e-15)


def test_to_watch_changes_nothing():
    model, alone = twin(), twin()
    record = fit(
        *(model, torch.optim.Adam(model.parameters()), SCHEDULE),
        order(torch.from_numpy),
        watch=True,
    )
    plain = fit(
        *(alone, torch.optim.Adam(alone.parameters()), SCHEDULE),
        order(torch.from_numpy),
    )
    assert record.losses == plain.losses == [seen.loss for seen in record.seen]
    assert plain.seen == []
    for w, other in zip(model.parameters(), alone.parameters(), strict=True):
        assert torch.equal(w, other)


def test_what_is_frozen_has_no_gradient_to_see():
    model = twin()
    freeze(model[0])
    optimizer = torch.optim.SGD(model.parameters())
    record = fit(model, optimizer, SCHEDULE, order(torch.from_numpy), watch=True)
    for lengths in record.seen[0][1:]:
        assert list(lengths) == ["2.weight", "2.bias", "4.weight", "4.bias"]
