"""The loop that looks at a metric, of an `nn.Module`: PyTorch's own, and resumed."""

import copy

import pytest
import torch
from torch import nn
from torch.nn.functional import cross_entropy
from torch.optim import lr_scheduler

from lrcourse.data import batches
from lrcourse.schedules import constant, linear
from lrcourse.schedules.feedback import RestartOnStagnation, rates
from lrcourse.schedules.plateau import ReduceOnPlateau
from lrcourse.training.checkpoint import load, save
from lrcourse.training.torch_epochs import fit_epochs

PER_EPOCH, EPOCHS = 4, 10
GENERATOR = torch.Generator().manual_seed(0)
X = torch.randn(30, 4, generator=GENERATOR)
Y = torch.randint(0, 3, (30,), generator=GENERATOR)
HELD_X = torch.randn(20, 4, generator=GENERATOR)
HELD_Y = torch.randint(0, 3, (20,), generator=GENERATOR)
PLATEAU = ReduceOnPlateau(0.5, factor=0.3, patience=0)
RESTART = RestartOnStagnation(linear(0.5, 6), 1, 0.001)


def order(epochs=EPOCHS):
    return batches(X, Y, batch_size=8, epochs=epochs, seed=3)


def built():
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Linear(4, 6), nn.BatchNorm1d(6), nn.ReLU(), nn.Dropout(0.2), nn.Linear(6, 3)
    )


def sgd(model):
    return torch.optim.SGD(model.parameters(), lr=123.0, momentum=0.9)


def held_out(model):
    return cross_entropy(model(HELD_X), HELD_Y).item()


def test_reduce_on_plateau_is_torch_s_own_loop():
    model, twin = built(), built()
    torch.manual_seed(1)
    run = fit_epochs(model, sgd(model), PLATEAU, order(), PER_EPOCH, held_out)
    torch.manual_seed(1)
    optimizer = torch.optim.SGD(twin.parameters(), lr=0.5, momentum=0.9)
    scheduler = lr_scheduler.ReduceLROnPlateau(optimizer, factor=0.3, patience=0)
    lrs, losses, metrics = [], [], []
    for step, (x, y) in enumerate(order(), start=1):
        twin.train()
        loss = cross_entropy(twin(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        lrs.append([optimizer.param_groups[0]["lr"]])
        if step % PER_EPOCH == 0:
            twin.eval()
            with torch.no_grad():
                metrics.append(held_out(twin))
            scheduler.step(metrics[-1])
    assert (run.losses, run.lrs, run.metrics) == (losses, lrs, metrics)
    assert len({lr for (lr,) in lrs}) > 2
    for name, tensor in model.state_dict().items():
        assert torch.equal(tensor, twin.state_dict()[name]), name


@pytest.mark.parametrize("plan", [PLATEAU, RESTART])
def test_four_epochs_saved_and_six_are_ten_to_the_last_bit(plan, tmp_path):
    whole = built()
    run = fit_epochs(whole, sgd(whole), plan, order(), PER_EPOCH, held_out)
    half = built()
    optimizer = sgd(half)
    four = fit_epochs(half, optimizer, plan, order(4), PER_EPOCH, held_out)
    save(tmp_path / "run.pt", half, optimizer, 4 * PER_EPOCH, four.metrics)
    again = built()
    optimizer = sgd(again)
    done = load(tmp_path / "run.pt", again, optimizer)
    six = fit_epochs(
        *(again, optimizer, plan, order(), PER_EPOCH, held_out), metrics=done.metrics
    )
    assert four.losses + six.losses == run.losses
    assert four.lrs + six.lrs == run.lrs
    assert six.metrics == run.metrics
    for name, tensor in again.state_dict().items():
        assert torch.equal(tensor, whole.state_dict()[name]), name


def test_every_group_may_have_a_rule_of_its_own():
    model, plans = built(), [PLATEAU, RESTART]
    groups = [{"params": model[:2].parameters()}, {"params": model[4].parameters()}]
    run = fit_epochs(
        model, torch.optim.SGD(groups), plans, order(), PER_EPOCH, held_out
    )
    for group, plan in enumerate(plans):
        expected = rates(plan, run.metrics)[:-1]
        assert [lrs[group] for lrs in run.lrs[::PER_EPOCH]] == expected


def test_the_metric_is_taken_in_evaluation_mode_without_gradients():
    seen = []

    def metric(model):
        seen.append((model.training, model(HELD_X).requires_grad))
        return 1.0

    model = built()
    fit_epochs(model, sgd(model), PLATEAU, order(2), PER_EPOCH, metric)
    assert seen == [(False, False)] * 2
    assert model.training


def test_to_watch_is_to_keep_what_each_update_did():
    model, twin = built(), built()
    torch.manual_seed(1)
    run = fit_epochs(
        model, sgd(model), PLATEAU, order(3), PER_EPOCH, held_out, watch=True
    )
    torch.manual_seed(1)
    alone = fit_epochs(twin, sgd(twin), PLATEAU, order(3), PER_EPOCH, held_out)
    assert [seen.loss for seen in run.seen] == run.losses == alone.losses
    assert alone.seen == []
    assert run.metrics == alone.metrics


@pytest.mark.parametrize(
    ("feedback", "says"),
    [
        ([PLATEAU, PLATEAU], "per parameter group, got 2 rules and 1 groups"),
        ([], "got 0 rules and 1 groups"),
        (
            constant(0.1),
            r"must be a rule that looks at a metric, such as .*, got <func",
        ),
        (0.1, "got 0.1$"),
        ([0.1], "got 0.1$"),
    ],
)
def test_what_is_no_rule_for_each_group_is_refused(feedback, says):
    model = built()
    before = copy.deepcopy(model.state_dict())
    with pytest.raises(ValueError, match=says):
        fit_epochs(model, sgd(model), feedback, order(), PER_EPOCH, held_out)
    assert all(torch.equal(t, before[n]) for n, t in model.state_dict().items())


@pytest.mark.parametrize(
    ("pairs", "says"),
    [
        ([], "at least one epoch, got none"),
        ([(X, Y)] * 3, "got 3 more after 0 epochs"),
        (0.1, "batches must yield pairs"),
        ([X] * 4, r"batches must yield pairs \(inputs, labels\), got a Tensor of 30"),
    ],
)
def test_batches_that_make_no_epoch_are_refused(pairs, says):
    model = built()
    with pytest.raises(ValueError, match=says):
        fit_epochs(model, sgd(model), PLATEAU, pairs, PER_EPOCH, held_out)
