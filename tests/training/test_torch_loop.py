import copy
from itertools import islice
from typing import NamedTuple

import pytest
import torch
from torch import nn
from torch.nn.functional import cross_entropy, mse_loss
from torch.optim import lr_scheduler
from torch.utils.data import DataLoader, TensorDataset

from lrcourse.schedules import constant, cosine, scale, warmup
from lrcourse.training.groups import decay_groups, layer_groups, layer_schedules
from lrcourse.training.torch_loop import (
    accuracy,
    fit,
    freeze,
    scheduler_lrs,
    train_mode,
    unfreeze,
)

BATCHES = [(torch.ones(3, 2), torch.tensor([0, 1, 1]))] * 5


@pytest.fixture
def model():
    torch.manual_seed(0)
    return torch.nn.Linear(2, 2)


def test_every_update_uses_the_rate_of_its_own_step(model):
    seen = []

    class Spy(torch.optim.SGD):
        def step(self):
            seen.append(self.param_groups[0]["lr"])
            super().step()

    schedule = cosine(max_lr=0.1, total_steps=5)
    record = fit(model, Spy(model.parameters(), lr=123), schedule, BATCHES)
    assert seen == [schedule(step) for step in range(5)]
    assert record.lrs == [[lr] for lr in seen]


def test_it_trains_as_the_plain_loop_does(model):
    twin = torch.nn.Linear(2, 2)
    twin.load_state_dict(model.state_dict())
    optimizer = torch.optim.SGD(twin.parameters(), lr=0.1, momentum=0.9)
    losses = []
    for inputs, labels in BATCHES:
        loss = cross_entropy(twin(inputs), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())

    ours = torch.optim.SGD(model.parameters(), momentum=0.9)
    assert fit(model, ours, constant(0.1), BATCHES).losses == losses
    assert torch.equal(model.weight, twin.weight)


def two_groups(model):
    return torch.optim.SGD([{"params": [model.weight]}, {"params": [model.bias]}])


def test_one_schedule_serves_every_group(model):
    record = fit(model, two_groups(model), constant(0.1), BATCHES)
    assert record.lrs == [[0.1, 0.1]] * 5


def test_a_list_gives_each_group_its_own_schedule(model):
    bias = model.bias.detach().clone()
    still = scale(constant(0.1), 0.0)
    record = fit(model, two_groups(model), [constant(0.1), still], BATCHES)
    assert record.lrs == [[0.1, 0.0]] * 5
    assert torch.equal(model.bias, bias)


@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_list_that_does_not_match_the_groups_is_refused(model, count):
    with pytest.raises(ValueError, match=f"got {count} schedules and 2 groups"):
        fit(model, two_groups(model), [constant(0.1)] * count, BATCHES)


SCHEDULER = torch.optim.lr_scheduler.LambdaLR(
    torch.optim.SGD([torch.zeros(1)], lr=0.1), constant(1.0)
)


@pytest.mark.parametrize(
    ("schedule", "says"),
    [
        (0.1, r"got 0.1: for a steady rate take lrcourse.schedules.constant\(0.1\)"),
        (
            SCHEDULER,
            "fit sets the rates itself, so take the schedule",
        ),
        (None, "got None: make one with lrcourse.schedules"),
        ([0.1, 0.2], r"got \[0.1, 0.2\]: make one with lrcourse.schedules"),
        ("cosine", "got 'cosine': make one with"),
    ],
)
def test_what_is_no_schedule_is_refused_with_what_to_hand_over(model, schedule, says):
    expected = f"schedule must be a function from step to learning rate, or .*{says}"
    with pytest.raises(ValueError, match=expected):
        fit(model, torch.optim.SGD(model.parameters()), schedule, BATCHES)


INPUTS, LABELS = torch.ones(3, 2), torch.tensor([0, 1, 1])


@pytest.mark.parametrize(
    ("batches", "says"),
    [
        (
            [{"x": INPUTS, "y": LABELS}],
            r"got a dict of 2: for other batches, \(\(b",
        ),
        ({"x": INPUTS, "y": LABELS}, "got a str of 1"),
        ([(INPUTS, LABELS, LABELS)], "got a tuple of 3"),
        (torch.ones(2, 2, 2), "got a Tensor of 2"),
        ([3], "got a int: for other"),
        (0.1, "got 0.1$"),
    ],
)
def test_batches_that_are_no_pairs_are_refused(model, batches, says):
    expected = rf"batches must yield pairs \(inputs, labels\), {says}"
    before = model.weight.clone()
    with pytest.raises(ValueError, match=expected):
        fit(model, torch.optim.SGD(model.parameters()), constant(0.1), batches)
    assert torch.equal(model.weight, before)


class Pair(NamedTuple):
    inputs: torch.Tensor
    labels: torch.Tensor


def test_pairs_may_be_lists_or_tuples_of_any_kind(model):
    loader = DataLoader(TensorDataset(INPUTS, LABELS), batch_size=2)
    optimizer = torch.optim.SGD(model.parameters())
    for batches in ([[INPUTS, LABELS]], [Pair(INPUTS, LABELS)], loader):
        assert fit(model, optimizer, constant(0.1), batches).losses


@pytest.mark.parametrize("first_step", [-1, 1.0, True])
def test_a_first_step_that_is_none_is_refused(model, first_step):
    with pytest.raises(ValueError, match="first_step must be an integer, zero or more"):
        fit(
            model,
            torch.optim.SGD(model.parameters()),
            constant(0.1),
            BATCHES,
            first_step=first_step,
        )


def test_no_batches_are_refused(model):
    with pytest.raises(ValueError, match="at least one batch, got none"):
        fit(model, two_groups(model), constant(0.1), [])


def test_another_loss_may_be_given(model):
    batches = [(torch.ones(3, 2), torch.zeros(3, 2))] * 30
    optimizer = torch.optim.SGD(model.parameters())
    record = fit(model, optimizer, constant(0.1), batches, mse_loss)
    assert record.losses[-1] < 0.1 * record.losses[0]


def test_accuracy_is_the_share_that_is_right_and_leaves_the_model_training():
    inputs = torch.eye(2)
    model = torch.nn.Sequential(torch.nn.Identity(), torch.nn.Dropout())
    assert accuracy(model, inputs, torch.tensor([0, 1])) == 1
    assert accuracy(model, inputs, torch.tensor([0, 0])) == 0.5
    assert model.training


def test_accuracy_puts_every_part_back_in_the_mode_it_had():
    model = body_and_head()
    model.body.eval()
    before = modes(model)
    inputs, labels = data()
    accuracy(model, inputs, labels)
    assert modes(model) == before
    with pytest.raises(RuntimeError, match="shapes cannot be multiplied"):
        accuracy(model, inputs[:, :2], labels)
    assert modes(model) == before


def test_fit_trains_in_training_mode_whatever_the_mode_before():
    model = body_and_head().eval()
    mean = model.body[1].running_mean.clone()
    fit(model, torch.optim.SGD(model.parameters()), constant(0.1), [data()])
    assert model.training
    assert not torch.equal(model.body[1].running_mean, mean)


def test_two_fits_that_share_the_steps_are_one():
    batches = [data(seed) for seed in range(7)]
    schedule = cosine(0.2, 7)

    def run(first_steps):
        model = body_and_head()
        optimizer = torch.optim.SGD(model.parameters(), momentum=0.9)
        first = fit(model, optimizer, schedule, islice(batches, first_steps))
        second = fit(model, optimizer, schedule, batches, first_step=first_steps)
        return first.losses + second.losses, first.lrs + second.lrs

    losses, lrs = run(3)
    assert lrs == [[schedule(step)] for step in range(7)]
    assert losses == run(6)[0]


def test_a_first_step_without_batches_left_is_refused(model):
    with pytest.raises(ValueError, match="at least one batch, got none from step 5"):
        fit(model, two_groups(model), constant(0.1), BATCHES, first_step=5)


def test_matrices_decay_and_biases_and_norm_scales_do_not():
    model = body_and_head()
    decaying, still = decay_groups(model, weight_decay=0.1)
    assert names(model, decaying) == ["body.0.weight", "head.weight"]
    assert names(model, still) == [
        "body.1.weight",
        "body.1.bias",
        "head.bias",
    ]
    assert (decaying["weight_decay"], still["weight_decay"]) == (0.1, 0.0)


def test_decay_shrinks_the_matrices_and_nothing_else_where_gradients_are_zero():
    model = body_and_head()
    before = copy.deepcopy(model)
    optimizer = torch.optim.AdamW(decay_groups(model, weight_decay=0.1), lr=0.5)
    for w in model.parameters():
        w.grad = torch.zeros_like(w)
    optimizer.step()
    for w, old in zip(model.parameters(), before.parameters(), strict=True):
        assert torch.equal(w, old * (1 - 0.5 * 0.1) if w.ndim > 1 else old)


def test_a_tied_weight_is_in_one_group_and_once():
    model = tied()
    decaying, still = decay_groups(model, weight_decay=0.1)
    assert names(model, decaying) == ["0.weight"]
    assert still["params"] == []
    first, last = layer_groups(model, [model[0], model[1]])
    assert names(model, first) == ["0.weight"]
    assert last["params"] == []
    torch.optim.SGD([first, last])
    with pytest.raises(ValueError, match="appear in more than one parameter group"):
        torch.optim.SGD([{"params": layer.parameters()} for layer in model])


def test_what_is_frozen_is_in_no_group():
    model = body_and_head()
    freeze(model.body)
    of_decay = decay_groups(model, weight_decay=0.1)
    of_layers = layer_groups(model, [model.body, model.head])
    for groups in (of_decay, of_layers):
        found = [name for group in groups for name in names(model, group)]
        assert found == ["head.weight", "head.bias"]


@pytest.mark.parametrize("weight_decay", [-0.1, float("nan")])
def test_a_negative_weight_decay_is_refused(weight_decay):
    with pytest.raises(ValueError, match="weight_decay must be zero or more and"):
        decay_groups(body_and_head(), weight_decay)


def test_every_layer_has_its_group_in_the_given_order():
    model = body_and_head()
    head, body = layer_groups(model, [model.head, model.body])
    assert names(model, head) == ["head.weight", "head.bias"]
    assert len(names(model, body)) == 3


def test_a_layer_that_was_left_out_is_named():
    model = body_and_head()
    with pytest.raises(ValueError, match=r"missing \['head.bias', 'head.weight'\]"):
        layer_groups(model, [model.body])


def test_rates_per_layer_are_those_of_torch_with_a_rate_per_group():
    model = body_and_head()
    schedule = warmup(cosine(0.1, 8), 3)
    layers = [model.body[0], model.body[1], model.head]
    optimizer = torch.optim.SGD(layer_groups(model, layers))
    record = fit(model, optimizer, layer_schedules(schedule, 3), [data()] * 9)

    shares = [(1 / 2.6) ** 2, 1 / 2.6, 1.0]
    groups = [{"params": [torch.zeros(1)], "lr": share} for share in shares]
    theirs = torch.optim.SGD(groups)
    scheduler = lr_scheduler.LambdaLR(theirs, schedule)
    for lrs in record.lrs:
        assert lrs == [group["lr"] for group in theirs.param_groups]
        theirs.step()
        scheduler.step()


def test_no_layers_are_refused():
    with pytest.raises(ValueError, match="layers must be a positive integer, got 0"):
        layer_schedules(constant(0.1), layers=0)


def test_torch_s_one_cycle_gives_every_group_the_same_rate_unless_told():
    groups = [{"params": [torch.zeros(1)], "lr": lr} for lr in (0.01, 0.1)]
    optimizer = torch.optim.SGD(groups, momentum=0.9)
    lr_scheduler.OneCycleLR(optimizer, max_lr=0.1, total_steps=10)
    assert [group["max_lr"] for group in optimizer.param_groups] == [0.1, 0.1]


@pytest.mark.parametrize("optimizer", ["SGD", "AdamW"])
def test_the_frozen_body_does_not_move_by_a_bit_and_the_head_does(optimizer):
    model = body_and_head()
    optimizer = OPTIMIZERS[optimizer](model.parameters())  # the body's too
    fit(model, optimizer, constant(0.1), [data()] * 3)  # so that there is momentum
    freeze(model.body)
    before = copy.deepcopy(model.state_dict())
    fit(model, optimizer, constant(0.1), [data()] * 3)
    inputs, labels = data()
    accuracy(model, inputs, labels)
    fit(model, optimizer, constant(0.1), [data()] * 2)
    for name, tensor in model.state_dict().items():
        assert torch.equal(tensor, before[name]) == name.startswith("body"), name


def test_weights_without_gradients_are_not_enough_batch_norm_goes_on_counting():
    model = body_and_head()
    model.body.requires_grad_(False)
    norm = model.body[1]
    mean = norm.running_mean.clone()
    model.train()
    model(data()[0])
    assert not torch.equal(norm.running_mean, mean)
    train_mode(model)
    mean = norm.running_mean.clone()
    model(data()[0])
    assert torch.equal(norm.running_mean, mean)


MOVES_WITHOUT_GRADIENT = {"SGD": True, "decay": True, "AdamW": True, "plain": False}


@pytest.mark.parametrize("name", MOVES_WITHOUT_GRADIENT)
def test_a_zero_gradient_lets_momentum_and_decay_move_a_weight_none_does_not(name):
    w = nn.Parameter(torch.ones(1))
    optimizer = OPTIMIZERS[name]([w])
    w.grad = torch.ones(1)
    optimizer.step()
    before = w.item()
    w.grad = None
    optimizer.step()
    assert w.item() == before
    w.grad = torch.zeros(1)
    optimizer.step()
    assert (w.item() != before) == MOVES_WITHOUT_GRADIENT[name]


def test_freezing_clears_gradients_so_that_the_next_update_passes_over():
    model = body_and_head()
    optimizer = OPTIMIZERS["AdamW"](model.parameters())
    inputs, labels = data()
    cross_entropy(model(inputs), labels).backward()
    freeze(model.body)
    before = copy.deepcopy(model.state_dict())
    optimizer.step()
    assert torch.equal(model.body[0].weight, before["body.0.weight"])
    assert not torch.equal(model.head.weight, before["head.weight"])


def test_freezing_stops_batch_norm_also_in_a_loop_that_sets_no_modes():
    model = body_and_head()
    freeze(model.body)
    before = copy.deepcopy(model.body.state_dict())
    model(data()[0])
    assert unmoved(model.body, before)
    assert model.head.training


def test_training_mode_spares_what_lies_in_a_frozen_part():
    model = nn.Sequential(
        nn.Sequential(nn.Linear(4, 4), nn.BatchNorm1d(4, affine=False), nn.Dropout()),
        nn.Sequential(nn.Linear(4, 4), nn.BatchNorm1d(4, affine=False), nn.Dropout()),
    )
    freeze(model[0])
    train_mode(model)
    assert not any(module.training for module in model[0].modules())
    assert all(module.training for module in model[1].modules())
    assert model.training


def test_a_frozen_layer_without_weights_keeps_its_averages():
    model = nn.Sequential(nn.Linear(2, 4), nn.BatchNorm1d(4, affine=False))
    freeze(model[1])
    mean, count = model[1].running_mean.clone(), int(model[1].num_batches_tracked)
    fit(model, torch.optim.SGD(model.parameters()), constant(0.1), BATCHES)
    assert torch.equal(model[1].running_mean, mean)
    assert int(model[1].num_batches_tracked) == count
    assert model[0].training
    unfreeze(model[1])
    fit(model, torch.optim.SGD(model.parameters()), constant(0.1), BATCHES)
    assert not torch.equal(model[1].running_mean, mean)


def test_a_part_without_weights_stays_frozen_in_a_copy_and_inside_other_parts():
    model = nn.Sequential(nn.Sequential(nn.Dropout(), nn.ReLU()), nn.Linear(3, 3))
    freeze(model[0])
    for each in (model, copy.deepcopy(model)):
        train_mode(each)
        assert not any(part.training for part in each[0].modules())
        assert each[1].training
    unfreeze(model[0][0])
    train_mode(model)
    assert not model[0][1].training


def test_unfreezing_lets_everything_move_again():
    model = body_and_head()
    freeze(model.body)
    unfreeze(model.body)
    assert all(module.training for module in model.modules())
    before = copy.deepcopy(model.state_dict())
    fit(model, torch.optim.SGD(model.parameters()), constant(0.1), [data()])
    for name, tensor in model.state_dict().items():
        assert not torch.equal(tensor, before[name]), name


def test_a_body_that_joins_late_finds_its_rate_where_the_plan_has_it():
    model = body_and_head()
    groups = layer_groups(model, [model.body, model.head])
    optimizer = torch.optim.SGD(groups, momentum=0.9)
    plan = [scale(warmup(constant(0.1), 6), 0.5), warmup(constant(0.1), 6)]
    freeze(model.body)
    body = copy.deepcopy(model.body.state_dict())
    early = fit(model, optimizer, plan, [data()] * 4)
    assert unmoved(model.body, body)
    unfreeze(model.body)
    late = fit(model, optimizer, plan, [data()] * 9, first_step=4)
    assert not torch.equal(model.body[0].weight, body["0.weight"])
    expected = [[schedule(step) for schedule in plan] for step in range(9)]
    assert early.lrs + late.lrs == expected


def test_torch_s_warmup_takes_a_group_that_joins_late_above_its_rate():
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=0.1)
    scheduler = lr_scheduler.LinearLR(optimizer, 0.4, total_iters=6)
    for step in range(8):
        if step == 2:
            optimizer.add_param_group({"params": [torch.zeros(1)], "lr": 0.1})
        optimizer.step()
        scheduler.step()
    lrs = [group["lr"] for group in optimizer.param_groups]
    assert lrs == pytest.approx([0.1, 0.1 / 0.6])


def test_a_scheduler_s_rates_are_those_its_updates_use():
    def halve_each_step(optimizer):
        return torch.optim.lr_scheduler.ExponentialLR(optimizer, gamma=0.5)

    lrs = scheduler_lrs(halve_each_step, base_lr=0.8, steps=4)
    assert lrs == [0.8, 0.4, 0.2, 0.1]


def test_one_thread_computes_so_that_digits_do_not_depend_on_the_machine():
    assert torch.get_num_threads() == 1


OPTIMIZERS = {
    "SGD": lambda weights: torch.optim.SGD(weights, momentum=0.9),
    "decay": lambda weights: torch.optim.SGD(weights, weight_decay=0.1),
    "AdamW": torch.optim.AdamW,
    "plain": torch.optim.SGD,
}


def body_and_head():
    torch.manual_seed(0)
    model = nn.Sequential()
    model.add_module(
        "body", nn.Sequential(nn.Linear(4, 6, bias=False), nn.BatchNorm1d(6))
    )
    model.add_module("head", nn.Linear(6, 3))
    return model


def tied():
    model = nn.Sequential(nn.Linear(4, 4, bias=False), nn.Linear(4, 4, bias=False))
    model[1].weight = model[0].weight
    return model


def data(seed=0):
    generator = torch.Generator().manual_seed(seed)
    inputs = torch.randn(8, 4, generator=generator)
    return inputs, torch.randint(0, 3, (8,), generator=generator)


def modes(model):
    return {name: module.training for name, module in model.named_modules()}


def unmoved(module, before):
    return all(torch.equal(t, before[name]) for name, t in module.state_dict().items())


def names(model, group):
    known = {id(w): name for name, w in model.named_parameters()}
    return [known[id(w)] for w in group["params"]]
