import itertools
import math

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.functional import cross_entropy, mse_loss
from torch.optim import SGD, AdamW

from lrcourse.schedules import constant
from lrcourse.training import range_test_schedule, smooth
from lrcourse.training.torch_loop import fit
from lrcourse.training.torch_lr_finder import range_test, unchanged


def make_batches(count, seed=0):
    generator = torch.Generator().manual_seed(seed)
    inputs = torch.randn(count, 16, 4, generator=generator, dtype=torch.float64)
    return [(x, (x.sum(dim=1) > 0).long()) for x in inputs]


def make_model(seed=0):
    torch.manual_seed(seed)
    layers = (
        nn.Linear(4, 8),
        nn.BatchNorm1d(8),
        nn.Tanh(),
        nn.Dropout(),
        nn.Linear(8, 2),
    )
    return nn.Sequential(*layers).double()


def everything(model, optimizer):
    """Return all that a later training depends on, to the last bit."""
    return plain(
        [
            model.state_dict(),
            [p.grad for p in model.parameters()],
            [module.training for module in model.modules()],
            optimizer.state_dict(),
            torch.get_rng_state(),
        ]
    )


def plain(kept):
    if isinstance(kept, torch.Tensor):
        return kept.tolist()
    if isinstance(kept, dict):
        return {name: plain(value) for name, value in kept.items()}
    if isinstance(kept, list | tuple):
        return [plain(value) for value in kept]
    return kept


OPTIMIZERS = {
    "sgd": lambda params: SGD(params, lr=0.05),
    "momentum": lambda params: SGD(params, lr=0.05, momentum=0.9),
    "adamw": lambda params: AdamW(params, lr=0.05),
}


def test_the_rates_climb_from_one_end_to_the_other():
    model = make_model()
    test = range_test(model, SGD(model.parameters()), make_batches(9), 1e-4, 1e-2, 9)
    schedule = range_test_schedule(1e-4, 1e-2, 9)
    assert test.lrs.tolist() == [schedule(step) for step in range(9)]
    assert len(test.losses) == 9
    assert not test.diverged


def test_it_trains_as_fit_does_under_the_same_rates():
    test_model, twin = make_model(), make_model()
    torch.manual_seed(1)
    optimizer = SGD(test_model.parameters(), momentum=0.9)
    test = range_test(test_model, optimizer, make_batches(20), 1e-3, 0.1, 20)
    torch.manual_seed(1)
    optimizer = SGD(twin.parameters(), momentum=0.9)
    record = fit(
        twin, optimizer, range_test_schedule(1e-3, 0.1, steps=20), make_batches(20)
    )
    assert test.losses.tolist() == record.losses


def test_every_group_gets_the_rate_and_its_own_back():
    model = make_model()
    first, *others = model.parameters()
    groups = [{"params": [first], "lr": 0.7}, {"params": others, "lr": 0.2}]
    seen = []

    class Spy(SGD):
        def step(self):
            seen.append([group["lr"] for group in self.param_groups])
            super().step()

    optimizer = Spy(groups)
    test = range_test(model, optimizer, make_batches(4), 0.01, 0.1, 4)
    assert seen == [[lr, lr] for lr in test.lrs]
    assert [group["lr"] for group in optimizer.param_groups] == [0.7, 0.2]


@pytest.mark.parametrize("make_optimizer", OPTIMIZERS.values(), ids=OPTIMIZERS)
@pytest.mark.parametrize("updates_before", [0, 3])
def test_a_training_after_a_test_is_bit_for_bit_the_one_without(
    make_optimizer, updates_before
):
    ends = []
    for with_test in (False, True):
        model = make_model()
        optimizer = make_optimizer(model.parameters())
        if updates_before:
            fit(model, optimizer, constant(0.05), make_batches(updates_before))
        before = everything(model, optimizer)
        if with_test:
            range_test(model, optimizer, make_batches(30, seed=5), 1e-3, 10, 30)
        assert everything(model, optimizer) == before
        record = fit(model, optimizer, constant(0.05), make_batches(5, seed=9))
        ends.append((record.losses, everything(model, optimizer)))
    assert ends[0] == ends[1]


def test_what_a_state_dict_leaves_out_is_put_back_too():
    class Counting(nn.Module):
        def __init__(self):
            super().__init__()
            self.layer = nn.Linear(4, 2).double()
            self.register_buffer("calls", torch.zeros(()), persistent=False)

        def forward(self, inputs):
            self.calls = self.calls + 1  # a new tensor, as learners write it
            return self.layer(inputs)

    model = Counting()
    temperature = torch.ones((), dtype=torch.float64, requires_grad=True)
    optimizer = SGD([*model.parameters(), temperature])

    def loss_of(outputs, labels):
        return cross_entropy(outputs * temperature, labels)

    range_test(model, optimizer, make_batches(5), 0.1, 1, 5, loss_of)
    assert model.calls == 0
    assert temperature == 1


def test_a_loss_that_looks_at_the_weights_sees_those_that_are_trained():
    model = nn.Linear(4, 2).double()

    def size(outputs, labels):
        return model.weight.square().sum() + 0 * outputs.sum()

    optimizer = SGD(model.parameters())
    test = range_test(model, optimizer, make_batches(5), 0.01, 0.1, 5, size)
    factors = (1 - 2 * test.lrs[:-1]) ** 2
    assert test.losses[1:] / test.losses[:-1] == pytest.approx(factors)


def test_gradients_are_given_back_as_they_were():
    model = make_model()
    first, *others = model.parameters()
    first.grad = torch.full_like(first, 7.0)
    range_test(model, SGD(model.parameters()), make_batches(3), 0.01, 0.1, 3)
    assert (first.grad == 7).all()
    assert all(p.grad is None for p in others)


def test_weights_outside_the_optimizer_get_their_gradients_back_too():
    """Nobody zeroes them: they would add up over the test."""
    model = make_model()
    outside, *trained = model.parameters()
    model(make_batches(1)[0][0]).sum().backward()
    before, gradient = outside.grad.clone(), outside.grad
    range_test(model, SGD(trained), make_batches(5), 0.01, 0.1, 5)
    assert outside.grad is gradient
    assert torch.equal(outside.grad, before)
    outside.grad = None
    range_test(model, SGD(trained), make_batches(5), 0.01, 0.1, 5)
    assert outside.grad is None


def test_a_test_that_fails_half_way_leaves_no_trace_either():
    model = make_model()
    model[1].eval()
    optimizer = AdamW(model.parameters())
    before = everything(model, optimizer)

    def broken(outputs, labels):
        if next(calls) == 3:
            raise ArithmeticError
        return cross_entropy(outputs, labels)

    calls = itertools.count()
    with pytest.raises(ArithmeticError):
        range_test(model, optimizer, make_batches(9), 0.01, 0.1, 9, broken)
    assert next(calls) == 4
    assert everything(model, optimizer) == before


def test_it_stops_at_the_first_loss_whose_average_is_four_times_the_best():
    model = nn.Linear(4, 2).double()
    optimizer = SGD(model.parameters())
    batches = [(x, x[:, :2]) for x, _ in make_batches(200)]
    used = iter(batches)
    test = range_test(model, optimizer, used, 1e-3, 100, 200, mse_loss)
    assert test.diverged
    assert len(list(used)) == 200 - len(test.losses) > 0
    ratios = smooth(test.losses) / np.minimum.accumulate(smooth(test.losses))
    assert ratios[-1] > 4 >= ratios[:-1].max()
    assert np.isfinite(test.losses).all()


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_it_stops_at_a_loss_that_is_not_finite(bad):
    model = make_model()
    losses = iter([1.0, 0.9, bad, 0.8])

    def scripted(outputs, labels):
        return outputs.sum() * 0 + next(losses)

    optimizer = SGD(model.parameters())
    test = range_test(model, optimizer, make_batches(9), 0.01, 0.1, 9, scripted)
    assert test.diverged
    assert len(test.lrs) == len(test.losses) == 3
    assert all(p.isfinite().all() for p in model.parameters())


@pytest.mark.parametrize("count", [0, 1, 8])
def test_batches_that_end_early_are_refused_with_both_counts(count):
    model = make_model()
    optimizer = AdamW(model.parameters())
    before = everything(model, optimizer)
    with pytest.raises(ValueError, match=f"needs 9 batches.* got {count}:"):
        range_test(model, optimizer, make_batches(count), 0.01, 0.1, 9)
    assert everything(model, optimizer) == before


def test_only_the_batches_of_its_steps_are_taken():
    model = make_model()
    batches = iter(make_batches(10))
    range_test(model, SGD(model.parameters()), batches, 0.01, 0.1, 7)
    assert len(list(batches)) == 3


def test_a_negative_loss_is_refused():
    model = make_model()
    with pytest.raises(ValueError, match="losses must not be negative"):
        range_test(
            *(model, SGD(model.parameters()), make_batches(3), 0.01, 0.1, 3),
            lambda outputs, labels: outputs.sum() * 0 - 1,
        )


def test_a_scheduler_s_base_rate_survives():
    model = make_model()
    optimizer = SGD(model.parameters(), lr=0.5)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=1, gamma=0.1)
    range_test(model, optimizer, make_batches(3), 0.01, 0.1, 3)
    optimizer.step()
    scheduler.step()
    assert optimizer.param_groups[0]["lr"] == pytest.approx(0.05)


def test_unchanged_undoes_any_training_of_its_block():
    model = make_model()
    optimizer = AdamW(model.parameters())
    before = everything(model, optimizer)
    with unchanged(model, optimizer):
        fit(model, optimizer, constant(0.1), make_batches(3))
        assert everything(model, optimizer) != before
    assert everything(model, optimizer) == before
