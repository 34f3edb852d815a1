import pytest
import torch
from torch.nn.functional import mse_loss

from lrcourse import torch_training
from lrcourse.schedules import constant, cosine, scale
from lrcourse.torch_training import accuracy, fit

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
        loss = torch.nn.functional.cross_entropy(twin(inputs), labels)
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


def test_a_scheduler_s_rates_are_those_its_updates_use():
    def halve_each_step(optimizer):
        return torch.optim.lr_scheduler.ExponentialLR(optimizer, gamma=0.5)

    lrs = torch_training.scheduler_lrs(halve_each_step, base_lr=0.8, steps=4)
    assert lrs == [0.8, 0.4, 0.2, 0.1]


def test_one_thread_computes_so_that_digits_do_not_depend_on_the_machine():
    assert torch.get_num_threads() == 1
