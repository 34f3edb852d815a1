"""Runs of PyTorch that keep the rates of their updates."""

import warnings

import torch

from lrcourse.audit.recorder import record_rates


def recorded(
    make,
    updates,
    *,
    lr=0.1,
    every=1,
    before=False,
    optimizer=torch.optim.SGD,
    groups=(1.0,),
    **options,
):
    """Return the record of a run whose scheduler `make` makes from its optimizer.

    The scheduler steps once in `every` updates, after them or `before` them.
    """
    made = [{"params": [a_weight()], "lr": lr * share} for share in groups]
    running = optimizer(made, lr=lr, **options)
    with warnings.catch_warnings(), record_rates(running) as record:
        warnings.simplefilter("ignore")  # PyTorch warns of a wrong order
        scheduler = make(running)
        for update in range(1, updates + 1):
            if before:
                scheduler.step()
            running.step()
            if not before and update % every == 0 and update < updates:
                scheduler.step()
    return record


def a_weight():
    weight = torch.zeros(1, requires_grad=True)
    weight.grad = torch.ones(1)
    return weight
