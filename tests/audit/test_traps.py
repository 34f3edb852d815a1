"""Every trap, made with the library in which people fall into it."""

import os

import numpy as np
import optax
import pytest
import torch
from torch.optim import lr_scheduler

from lrcourse import schedules
from lrcourse.audit import audit
from lrcourse.audit.recorder import record_rates
from lrcourse.schedules import table
from tests.audit.runs import a_weight, recorded

os.environ["KERAS_BACKEND"] = "torch"  # read when Keras is imported
from keras.optimizers import schedules as keras_schedules

COSINE = schedules.cosine(0.1, 100)
WARMED = schedules.warmup(schedules.cosine(0.1, 90), 10)


def cosine(t_max, eta_min=0.0):
    return lambda optimizer: lr_scheduler.CosineAnnealingLR(optimizer, t_max, eta_min)


def factor(schedule):
    return lambda optimizer: lr_scheduler.LambdaLR(optimizer, schedule)


def warmed(steps, then, start=0.1):
    """Return PyTorch's warmup of `steps`, then the scheduler `then`."""

    def make(optimizer):
        ramp = lr_scheduler.LinearLR(optimizer, start, 1.0, steps)
        parts = [ramp, then(optimizer)]
        return lr_scheduler.SequentialLR(optimizer, parts, [steps])

    return make


def cyclic(optimizer, **options):
    return lr_scheduler.CyclicLR(optimizer, 0.01, 0.1, 20, **options)


def one_cycle(total_steps, **options):
    return lambda optimizer: lr_scheduler.OneCycleLR(
        optimizer, 0.1, total_steps, **options
    )


def restarts(period):
    return lambda optimizer: lr_scheduler.CosineAnnealingWarmRestarts(optimizer, period)


SEEN_ALONE = {  # a scheduler, how it is used, what is found at which update
    "T_max is passed": (cosine(60), {}, {}, "rebound", 61),
    "T_max is passed ten times": (cosine(10), {}, {}, "rebound", 11),
    "T_max in epochs, stepped per update": (
        cosine(20),
        {},
        {"updates_per_epoch": 5},
        "stepped_per_update",
        21,
    ),
    "restarts in epochs, stepped per update": (
        restarts(5),
        {},
        {"updates_per_epoch": 20},
        "stepped_per_update",
        6,
    ),
    "T_max in updates, stepped per epoch": (
        cosine(100),
        {"every": 10},
        {},
        "stepped_per_epoch",
        10,
    ),
    "T_max is long": (cosine(200), {}, {}, "wrong_horizon", 99),
    "the horizon forgets the warmup": (
        warmed(10, cosine(100)), {}, {}, "wrong_horizon", 99
    ),
    "PolynomialLR's horizon is short": (
        lambda optimizer: lr_scheduler.PolynomialLR(optimizer, 50, 2.0),
        {},
        {},
        "wrong_horizon",
        50,
    ),
    "one cycle, one step too many": (one_cycle(99), {}, {}, "rebound", 99),
    "one cycle is cut": (one_cycle(300), {}, {}, "wrong_horizon", 99),
    "a warmup of step / W": (
        factor(lambda step: min(1.0, step / 10)),
        {},
        {},
        "first_update_zero",
        0,
    ),
    "a warmup spliced in": (
        factor(lambda step: (step + 1) / 11 if step < 10 else 10 * COSINE(step)),
        {},
        {},
        "warmup_spliced",
        10,
    ),
}  # fmt: skip


@pytest.mark.parametrize("trap", SEEN_ALONE)
def test_a_trap_shows_without_a_plan(trap):
    make, use, known, slug, update = SEEN_ALONE[trap]
    found = audit(recorded(make, 100, **use).rates, **known)
    assert (slug, update) in [(each.slug, each.update) for each in found.findings]


SEEN_BESIDE_A_PLAN = {
    "stepped before the optimizer": (
        cosine(100), {"before": True}, COSINE, None, "one_step_early", 0
    ),
    "stepped per epoch": (
        cosine(100), {"every": 10}, COSINE, 10, "stepped_per_epoch", 1
    ),
    "stepped every fourth batch": (
        cosine(100), {"every": 4}, COSINE, 20, "stepped_too_seldom", 1
    ),
    "gamma of an epoch, stepped per update": (
        lambda optimizer: lr_scheduler.ExponentialLR(optimizer, 0.9),
        {}, lambda step: 0.1 * 0.9 ** (step / 10), 10, "stepped_per_update", 1,
    ),
    "eight workers step one scheduler": (
        factor(lambda step: 10 * COSINE(8 * step)), {}, COSINE, 20,
        "stepped_too_often", 1,
    ),
    "a rate where a factor is meant": (factor(COSINE), {}, COSINE, None, "scaled", 0),
    "no warmup": (cosine(100), {}, WARMED, None, "warmup_skipped", 0),
    "only the decay": (cosine(90), {}, WARMED, None, "warmup_skipped", 0),
    "the peak comes late": (
        warmed(30, cosine(70)), {}, WARMED, None, "peak_late", 30
    ),
    "the peak comes early": (
        warmed(3, cosine(97)), {}, WARMED, None, "peak_early", 3
    ),
    "the horizon forgets the warmup": (
        warmed(10, cosine(100)), {}, WARMED, None, "wrong_horizon", 99
    ),
    "restarts nobody asked for": (restarts(50), {}, COSINE, None, "restarts", 50),
    "the floor is not reached": (
        cosine(150), {}, schedules.cosine(0.1, 99), None, "floor_never_reached", 99
    ),
}  # fmt: skip


@pytest.mark.parametrize("trap", SEEN_BESIDE_A_PLAN)
def test_a_trap_shows_beside_the_plan(trap):
    make, use, plan, per_epoch, slug, update = SEEN_BESIDE_A_PLAN[trap]
    rates = recorded(make, 100, **use).rates
    found = audit(rates, plan=plan, updates_per_epoch=per_epoch)
    assert (slug, update) in [(each.slug, each.update) for each in found.findings]
    assert len(found.findings) <= 3


@pytest.mark.parametrize("plan", [None, COSINE])
@pytest.mark.parametrize(("own", "update"), [(0.1, 1), (0.001, 0)])
def test_a_rate_set_after_the_step_comes_one_step_late(plan, own, update):
    optimizer = torch.optim.SGD([a_weight()], lr=own)
    with record_rates(optimizer) as record:
        for step in range(100):
            optimizer.step()
            optimizer.param_groups[0]["lr"] = COSINE(step)
    (finding,) = audit(record.rates, plan=plan).findings
    assert (finding.slug, finding.update) == ("one_step_late", update)


@pytest.mark.parametrize(
    ("make", "optimizer"),
    [
        (cyclic, torch.optim.SGD),
        (one_cycle(100), torch.optim.SGD),
        (one_cycle(100), torch.optim.AdamW),
    ],
)
def test_cycles_move_momentum_unless_told_not_to(make, optimizer):
    options = {"momentum": 0.5} if optimizer is torch.optim.SGD else {}
    record = recorded(make, 100, optimizer=optimizer, **options)
    (finding,) = audit(record.rates, momenta=record.momenta).findings
    assert (finding.slug, finding.update) == ("momentum_moved", 1)


def test_a_cycle_that_leaves_momentum_alone_is_right():
    record = recorded(lambda each: cyclic(each, cycle_momentum=False), 100)
    assert not audit(record.rates, momenta=record.momenta).findings


def test_the_floor_of_cosine_is_not_used_by_as_many_updates_as_steps():
    found = audit(recorded(cosine(10, eta_min=0.001), 10).rates)
    (finding,) = found.findings
    assert (finding.slug, finding.update) == ("floor_never_reached", 9)
    assert "the last update uses 0.0034227" in finding.sentence
    assert not audit(recorded(cosine(9, eta_min=0.001), 10).rates).findings


def resumed(save, load, at=25, updates=40):
    """Return the rates of a run stopped at `at`, with only what `load` brings back."""
    optimizer = torch.optim.SGD([a_weight()], lr=0.1)
    scheduler = cosine(updates)(optimizer)
    with record_rates(optimizer) as before:
        for _ in range(at):
            optimizer.step()
            scheduler.step()
    saved = save(optimizer, scheduler)
    optimizer = torch.optim.SGD([a_weight()], lr=0.1)
    scheduler = load(optimizer, saved)
    with record_rates(optimizer) as after:
        for _ in range(updates - at):
            optimizer.step()
            scheduler.step()
    return np.concatenate([before.rates, after.rates])


def everything(optimizer, scheduler):
    return optimizer.state_dict(), scheduler.state_dict()


def load_nothing(optimizer, saved):
    return cosine(40)(optimizer)


def load_everything(optimizer, saved):
    scheduler = cosine(40)(optimizer)
    optimizer.load_state_dict(saved[0])
    scheduler.load_state_dict(saved[1])
    return scheduler


def load_optimizer(optimizer, saved):
    scheduler = cosine(40)(optimizer)
    optimizer.load_state_dict(saved[0])
    return scheduler


def load_one_off(optimizer, saved):
    optimizer.load_state_dict(saved[0])
    return lr_scheduler.CosineAnnealingLR(optimizer, 40, last_epoch=25)


@pytest.mark.parametrize(
    ("load", "found"),
    [
        (load_everything, []),
        (load_nothing, [("resumed_from_scratch", 25)]),
        (load_optimizer, [("departs", 26)]),
        (load_one_off, [("departs", 26)]),
    ],
)
def test_a_run_resumed_without_its_state_shows_where(load, found):
    rates = resumed(everything, load)
    findings = audit(rates).findings
    assert [(each.slug, each.update) for each in findings] == found


@pytest.mark.parametrize("shift", [-1, 1])
def test_a_closed_form_resumed_one_step_off_shows_where(shift):
    steps = [*range(40), *range(40 + shift, 90 + shift)]
    (finding,) = audit([COSINE(step) for step in steps]).findings
    assert (finding.slug, finding.update) == ("resumed_one_off", 40)


def test_a_group_that_no_scheduler_touches_shows():
    def first_only(optimizer):
        return factor(lambda step: 10 * COSINE(step))(optimizer)

    rates = recorded(first_only, 100, groups=(1.0, 0.5)).rates
    assert not audit(rates).findings
    rates[:, 1] = 0.05  # as a loop that sets param_groups[0] leaves it
    (finding,) = audit(rates).findings
    assert (finding.slug, finding.update, finding.group) == (
        "group_never_scheduled",
        1,
        1,
    )


def test_a_group_added_in_a_warmup_climbs_above_its_own_rate():
    optimizer = torch.optim.SGD([a_weight()], lr=0.1)
    scheduler = lr_scheduler.LinearLR(optimizer, 0.1, 1.0, 10)
    with record_rates(optimizer) as record:
        for update in range(20):
            if update == 5:
                optimizer.add_param_group({"params": [a_weight()], "lr": 0.1})
            optimizer.step()
            scheduler.step()
    (finding,) = audit(record.rates).findings
    assert (finding.slug, finding.update, finding.group) == ("group_added_late", 5, 1)
    assert "climbs to 0.181818, above it" in finding.sentence


@pytest.mark.parametrize(("bad", "what"), [(np.nan, "no number"), (-0.1, "negative")])
def test_what_is_no_rate_shows_and_the_rates_before_are_named(bad, what):
    rates = table(COSINE, 100)
    rates[60] = bad
    found = audit(rates)
    (finding,) = found.findings
    assert (finding.slug, finding.update) == ("no_rate", 60)
    assert what in finding.sentence
    assert found.family == "cosine"


def test_a_log_without_a_single_rate_has_no_name():
    found = audit([np.nan, np.nan])
    assert (found.family, found.settings) == (None, {})
    assert [(each.slug, each.update) for each in found.findings] == [("no_rate", 0)]
    assert "no rate is a number" in str(found)


def test_an_unclipped_polynomial_goes_below_zero():
    rates = [0.1 * (1 - step / 50) for step in range(100)]
    (finding,) = audit(rates).findings
    assert (finding.slug, finding.update) == ("no_rate", 51)


def test_optax_counts_the_warmup_into_its_decay_and_starts_at_zero():
    rates = np.asarray(
        optax.warmup_cosine_decay_schedule(0.0, 0.1, 10, 100)(np.arange(100))
    )
    found = audit(rates)
    assert (found.family, found.settings["total_steps"]) == ("cosine", 90)
    assert [each.slug for each in found.findings] == ["first_update_zero"]


def test_keras_counts_the_warmup_in_front_so_100_steps_end_late():
    keras = keras_schedules.CosineDecay(0.0, 100, warmup_target=0.1, warmup_steps=10)
    found = audit([float(keras(step)) for step in range(100)])
    assert (found.family, found.settings["total_steps"]) == ("cosine", 100)
    assert {each.slug for each in found.findings} == {
        "first_update_zero",
        "wrong_horizon",
    }
