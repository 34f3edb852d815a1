import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from torch import nn
from torch.optim import SGD
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn, update_bn

from lrcourse.schedules import constant, linear
from lrcourse.theory import ema_schedule
from lrcourse.training.averaging import (
    collect,
    ema,
    mean_of_iterates,
    refresh_batch_norm,
)
from lrcourse.training.torch_loop import fit

deterministic = settings(max_examples=50, deadline=None, derandomize=True)
PATHS = arrays(np.float64, (7, 3), elements=st.floats(-100, 100))
DECAYS = st.floats(0.001, 0.999)


def make_batches(count, seed=0):
    generator = torch.Generator().manual_seed(seed)
    inputs = torch.randn(count, 16, 4, generator=generator, dtype=torch.float64)
    return [(x, (x.sum(dim=1) > 0).long()) for x in inputs]


def make_model():
    torch.manual_seed(0)
    layers = nn.Linear(4, 8), nn.BatchNorm1d(8), nn.Tanh(), nn.Linear(8, 2)
    return nn.Sequential(*layers).double()


def weights(model):
    return {name: p.detach().clone() for name, p in model.named_parameters()}


@deterministic
@given(PATHS)
def test_each_mean_is_numpy_s_of_the_iterates_so_far(path):
    expected = [path[: count + 1].mean(axis=0) for count in range(len(path))]
    np.testing.assert_allclose(mean_of_iterates(path), expected, rtol=1e-12, atol=1e-12)


@deterministic
@given(PATHS, DECAYS)
def test_an_ema_weighs_iterates_by_powers_of_its_decay(path, decay):
    last = len(path) - 1
    weight = (1 - decay) * decay ** np.arange(last, -1.0, -1.0)
    weight[0] = decay**last  # the start, all that is left of it
    assert weight.sum() == pytest.approx(1)
    np.testing.assert_allclose(
        ema(path, decay)[-1], weight @ path, rtol=1e-11, atol=1e-11
    )


@pytest.mark.parametrize("average", [mean_of_iterates, lambda path: ema(path, 0.8)])
def test_a_network_is_averaged_array_by_array(average):
    rng = np.random.default_rng(0)
    path = [{"W1": rng.normal(size=(2, 3)), "b1": rng.normal(size=3)} for _ in range(5)]
    together = average(path)
    for name in ("W1", "b1"):
        alone = average([network[name] for network in path])
        np.testing.assert_array_equal([n[name] for n in together], alone)


def test_iterates_are_not_changed():
    path = np.array([[1.0, 2.0], [3.0, 4.0]])
    before = path.copy()
    mean_of_iterates(path)
    ema(path, 0.5)
    np.testing.assert_array_equal(path, before)


def test_without_iterates_there_are_no_averages():
    assert mean_of_iterates([]) == ema([], 0.5) == []


@pytest.mark.parametrize("decay", [-0.1, 1.0, 1.5, math.nan])
def test_a_decay_that_is_none_is_refused(decay):
    with pytest.raises(ValueError, match=rf"decay must be in \[0, 1\), got {decay}"):
        ema([1.0, 2.0], decay)


def walk(lrs, gradients, start):
    """Return the start and the iterates after it, of shape (steps + 1, n)."""
    moves = np.cumsum(np.reshape(lrs, (-1, 1)) * gradients, axis=0)
    return np.vstack([start, start - moves])


@deterministic
@given(PATHS, DECAYS)
def test_the_ema_of_a_constant_rate_is_the_last_iterate_of_a_decay(gradients, decay):
    steps, start = len(gradients), np.ones(3)
    averaged = ema(walk([0.1] * steps, gradients, start), decay)[-1]
    schedule = ema_schedule(0.1, decay, steps)
    last = walk(list(map(schedule, range(steps))), gradients, start)[-1]
    np.testing.assert_allclose(averaged, last, rtol=1e-11, atol=1e-11)


@deterministic
@given(PATHS)
def test_the_mean_of_a_constant_rate_is_the_last_iterate_of_a_linear_decay(gradients):
    steps, start = len(gradients), np.ones(3)
    averaged = mean_of_iterates(walk([0.1] * steps, gradients, start)[1:])[-1]
    schedule = linear(0.1, steps)
    last = walk(list(map(schedule, range(steps))), gradients, start)[-1]
    np.testing.assert_allclose(averaged, last, rtol=1e-11, atol=1e-11)


AVERAGES = {
    "swa": (AveragedModel, mean_of_iterates),
    "ema": (
        lambda model: AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(0.9)),
        lambda path: ema(path, 0.9),
    ),
}


@pytest.mark.parametrize("start", [0, 5, 19])
@pytest.mark.parametrize("kind", AVERAGES)
def test_a_collected_average_is_that_of_the_weights_after_each_update(kind, start):
    make_average, average_of = AVERAGES[kind]
    path = []

    class Recording(SGD):
        def step(self):
            super().step()
            path.append(weights(model))

    model = make_model()
    average = make_average(model)
    batches = collect(average, model, make_batches(20), start)
    fit(model, Recording(model.parameters()), constant(0.5), batches)
    assert len(path) == 20
    expected = average_of(path[start:])[-1]
    for name, w in weights(average.module).items():
        torch.testing.assert_close(w, expected[name], rtol=1e-12, atol=1e-12)


def test_collecting_does_not_change_the_training():
    ends = []
    for collected in (False, True):
        model, batches = make_model(), make_batches(10)
        if collected:
            batches = collect(AveragedModel(model), model, batches)
        ends.append(fit(model, SGD(model.parameters()), constant(0.5), batches).losses)
    assert ends[0] == ends[1]


def test_a_resumed_run_is_collected_from_where_it_resumes():
    model = make_model()
    average = AveragedModel(model)
    batches = collect(average, model, make_batches(10), start=7)
    optimizer = SGD(model.parameters())
    fit(model, optimizer, constant(0.5), batches, first_step=7)
    assert average.n_averaged == 3


@pytest.mark.parametrize("start", [3, 4])
def test_an_average_of_nothing_is_refused(start):
    model = make_model()
    batches = collect(AveragedModel(model), model, make_batches(3), start)
    with pytest.raises(ValueError, match=f"number of updates, got {start} of 3"):
        fit(model, SGD(model.parameters()), constant(0.5), batches)


def test_the_average_s_buffers_are_the_last_model_s_until_refreshed():
    model = make_model()
    average = AveragedModel(model)
    fit(
        model,
        SGD(model.parameters()),
        constant(0.5),
        collect(average, model, make_batches(10)),
    )
    norm, model_norm = average.module[1], model[1]
    assert torch.equal(norm.running_mean, model_norm.running_mean)
    refresh_batch_norm(average, make_batches(10))
    assert not torch.allclose(norm.running_mean, model_norm.running_mean)


def test_refreshed_statistics_are_the_means_of_the_batches_own():
    model, batches = make_model(), make_batches(6)
    refresh_batch_norm(model, iter(batches))
    outputs = torch.stack([model[0](inputs) for inputs, _ in batches])
    norm = model[1]
    torch.testing.assert_close(norm.running_mean, outputs.mean(dim=(0, 1)))
    torch.testing.assert_close(norm.running_var, outputs.var(dim=1).mean(dim=0))


@pytest.mark.parametrize("training", [True, False])
def test_a_refresh_is_torch_s_and_keeps_the_mode(training):
    ours, theirs = make_model().train(training), make_model().train(training)
    refresh_batch_norm(ours, iter(make_batches(6)))
    update_bn(make_batches(6), theirs)
    for name, value in ours.state_dict().items():
        assert torch.equal(value, theirs.state_dict()[name])
    assert ours.training == training
    assert ours[1].momentum == 0.1


def test_a_refresh_over_a_used_up_iterator_is_refused_and_changes_nothing():
    model, batches = make_model(), iter(make_batches(2))
    refresh_batch_norm(model, batches)
    mean = model[1].running_mean.clone()
    with pytest.raises(ValueError, match="needs at least one batch, got none"):
        refresh_batch_norm(model, batches)
    assert torch.equal(model[1].running_mean, mean)
