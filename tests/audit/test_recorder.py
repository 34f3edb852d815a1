from contextlib import nullcontext, suppress

import numpy as np
import pytest
import torch

from lrcourse.audit.recorder import record_rates
from lrcourse.schedules import cosine
from tests.audit.runs import a_weight


def trained(recording):
    torch.manual_seed(0)
    model = torch.nn.Linear(3, 1)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1.0)
    scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, cosine(0.1, 5))
    with recording(optimizer) as record:
        for _ in range(5):
            optimizer.zero_grad()
            (model(torch.ones(2, 3)) ** 2).mean().backward()
            optimizer.step()
            scheduler.step()
    return model.state_dict(), record


def test_the_rate_of_every_update_is_recorded_and_nothing_else_changes():
    with_it, record = trained(record_rates)
    without, _ = trained(nullcontext)
    assert record.rates[:, 0] == pytest.approx([cosine(0.1, 5)(s) for s in range(5)])
    assert (record.momenta == 0.9).all()
    for name, weight in without.items():
        assert torch.equal(weight, with_it[name])


def test_groups_that_join_late_have_no_rate_before():
    optimizer = torch.optim.SGD([a_weight()], lr=0.1, momentum=0.5)
    with record_rates(optimizer) as record:
        optimizer.step()
        optimizer.add_param_group({"params": [a_weight()], "lr": 0.2})
        optimizer.step()
    assert np.array_equal(record.rates, [[0.1, np.nan], [0.1, 0.2]], equal_nan=True)
    assert record.momenta[1].tolist() == [0.5, 0.5]


def test_rules_without_momentum_have_none_and_a_rate_may_be_a_tensor():
    optimizer = torch.optim.Adagrad([a_weight()], lr=torch.tensor(0.5))
    with record_rates(optimizer) as record:
        optimizer.step()
    assert record.rates.tolist() == [[0.5]]
    assert np.isnan(record.momenta).all()


def test_after_the_block_nothing_is_recorded_also_where_it_fails():
    optimizer = torch.optim.SGD([a_weight()], lr=0.1)
    with suppress(KeyError), record_rates(optimizer) as record:
        optimizer.step()
        raise KeyError
    optimizer.step()
    assert len(record.rates) == 1


def test_an_update_that_mixed_precision_skips_is_not_recorded():
    weight = a_weight()
    optimizer = torch.optim.SGD([weight], lr=0.1)
    scaler = torch.amp.GradScaler("cpu")
    with record_rates(optimizer) as record:
        scaler.scale((weight * torch.inf).sum()).backward()
        scaler.step(optimizer)
    assert record.rates.shape[0] == 0
