"""Every family is named again, from exact rates and from those that a log has kept."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrcourse import schedules
from lrcourse.audit import audit
from lrcourse.schedules import table

few = settings(max_examples=12, deadline=None, derandomize=True)
UPDATES = 120
EXACT, SHORT = "every rate agrees to 1e-6", "rates agree to 1e-3 only"


def four_digits(rates):
    return np.array([float(f"{rate:.4g}") for rate in rates])


KEPT = {
    "as it is": lambda rates: rates,
    "in float32": lambda rates: rates.astype(np.float32),
    "with four digits": four_digits,
}
DRAWN = st.fixed_dictionaries(
    {
        "max_lr": st.floats(1e-4, 10),
        "floor": st.just(0.0) | st.floats(1e-3, 0.6),
        "late": st.integers(0, 1),  # the end: the last update, or the one after it
        "gamma": st.floats(0.5, 0.95),
        "slow": st.floats(0.9, 0.995),
        "k": st.floats(1e-3, 10),
        "power": st.floats(0.4, 0.9) | st.floats(1.2, 3),
        "period": st.integers(5, 28),
        "period_mult": st.integers(1, 2),
        "milestones": st.tuples(
            st.integers(3, 30), st.integers(33, 50), st.integers(60, 80)
        ),
        "share": st.floats(0.1, 0.6),
        "shape": st.sampled_from(["linear", "1-sqrt"]),
    }
)
DECAYS = {
    "constant": lambda s, end: schedules.constant(s["max_lr"]),
    "exponential": lambda s, end: schedules.exponential(s["max_lr"], s["slow"]),
    "step_decay": lambda s, end: schedules.step_decay(
        s["max_lr"], s["gamma"], s["period"]
    ),
    "multi_step": lambda s, end: schedules.multi_step(
        s["max_lr"], s["gamma"], s["milestones"]
    ),
    "inverse_time": lambda s, end: schedules.inverse_time(s["max_lr"], s["k"]),
    "linear": lambda s, end: schedules.linear(s["max_lr"], end, s["min_lr"]),
    "cosine": lambda s, end: schedules.cosine(s["max_lr"], end, s["min_lr"]),
    "polynomial": lambda s, end: schedules.polynomial(
        s["max_lr"], end, s["power"], s["min_lr"]
    ),
    "wsd": lambda s, end: schedules.wsd(
        s["max_lr"], end, 0, s["period"], s["min_lr"], s["shape"]
    ),
}
CYCLES = {
    "inverse_sqrt": lambda s, end: schedules.inverse_sqrt(s["max_lr"], s["period"]),
    "triangular": lambda s, end: schedules.triangular(
        s["min_lr"], s["max_lr"], s["period"]
    ),
    "triangular2": lambda s, end: schedules.triangular2(
        s["min_lr"], s["max_lr"], s["period"]
    ),
    "exp_range": lambda s, end: schedules.exp_range(
        s["min_lr"], s["max_lr"], s["period"], s["slow"]
    ),
    "warm_restarts": lambda s, end: schedules.warm_restarts(
        s["max_lr"], s["period"], s["period_mult"], s["min_lr"]
    ),
    "one_cycle": lambda s, end: schedules.one_cycle(s["max_lr"], end, s["share"]),
}
ALL = [*DECAYS, *CYCLES, *(f"{name} after a warmup" for name in DECAYS)]
# what is said of a right run: a floor that the last update misses, a climb from zero
RIGHT = {"floor_never_reached", "first_update_zero"}


def drawn_schedule(name, s):
    """Return the schedule of that name for a run of `UPDATES`."""
    family, _, warmed = name.partition(" after ")
    steps = s["period"] if warmed else 0
    s = s | {"min_lr": s["floor"] * s["max_lr"]}
    whole = UPDATES - 1 + s["late"]
    decay = (DECAYS | CYCLES)[family](s, whole - steps)
    return schedules.warmup(decay, steps)


NAMED = [pytest.param(name, kept, id=f"{name}-{kept}") for name in ALL for kept in KEPT]


@pytest.mark.parametrize(("name", "kept"), NAMED)
def test_a_right_run_is_named_and_nothing_is_wrong_with_it(name, kept):
    @few
    @given(s=DRAWN)
    def holds(s):
        rates = KEPT[kept](table(drawn_schedule(name, s), UPDATES))
        found = audit(rates)
        assert found.family == name.partition(" ")[0]
        assert {each.slug for each in found.findings} <= RIGHT
        named = found.named[0]
        again = table(named.recipe.schedule, UPDATES)
        rel = 1e-6 if named.tolerance.reason == EXACT else 1e-3
        near_zero = 1e-12 if rel == 1e-6 else 3e-7
        assert (abs(again - rates) <= rel * rates + near_zero * rates.max()).all()

    holds()


@pytest.mark.parametrize("name", ALL)
def test_a_run_that_follows_its_plan_has_no_finding_but_a_first_zero(name):
    @few
    @given(s=DRAWN)
    def holds(s):
        plan = drawn_schedule(name, s)
        rates = table(plan, UPDATES)
        for kept in KEPT.values():
            slugs = {each.slug for each in audit(kept(rates), plan=plan).findings}
            assert slugs <= {"first_update_zero"}

    holds()


def test_the_settings_are_those_of_the_schedule():
    found = audit(table(schedules.one_cycle(0.1, 99, 0.25, 20, 50), 100))
    assert found.settings == pytest.approx(
        {
            "max_lr": 0.1,
            "total_steps": 99,
            "warmup_share": 0.25,
            "start_div": 20,
            "end_div": 50,
        }
    )
    milestones = schedules.multi_step(0.3, 0.2, [5, 30, 45])
    assert audit(table(milestones, 60)).settings["milestones"] == (5, 30, 45)


def test_a_warmup_is_told_with_its_first_rate():
    warmed = schedules.warmup(schedules.cosine(0.1, 90, 0.02), 10)
    assert str(audit(table(warmed, 100))) == (
        "100 updates, rates from 0.01 to 0.1\n"
        "cosine(max_lr=0.1, min_lr=0.02, total_steps=90) after a warmup of 10 updates "
        "from 0.01 (every rate agrees to 1e-6)\n"
        "nothing wrong found"
    )


@pytest.mark.parametrize(
    ("kept", "reason"),
    [
        (lambda rates: rates, EXACT),
        (lambda rates: rates.astype(np.float32), EXACT),
        (four_digits, SHORT),
        (lambda rates: np.round(rates, 3), "half of 0.001"),
    ],
)
def test_the_tolerance_is_that_of_the_log(kept, reason):
    rates = kept(table(schedules.cosine(0.1, 99, 0.02), 100))
    found = audit(rates)
    assert found.family == "cosine"
    assert reason in found.named[0].tolerance.reason


def test_rates_within_1e_6_are_named_and_beyond_it_are_not_exact():
    rates = table(schedules.cosine(0.1, 99, 0.02), 100)
    near, far = rates.copy(), rates.copy()
    near[50] *= 1 + 8e-7
    far[50] *= 1 + 1e-4
    assert audit(near).named[0].tolerance.reason == EXACT
    assert audit(far).named[0].tolerance.reason.startswith(SHORT)


def test_what_no_schedule_gives_has_no_name_but_a_nearest_one_and_where_it_ends():
    rates = table(schedules.cosine(0.1, 99), 100)
    rates[60:] *= 0.3
    found = audit(rates)
    assert found.family is None
    assert found.settings == {}
    assert (found.named[0].recipe.family, found.named[0].agreed) == ("cosine", 60)
    assert "no family I know; nearest is cosine" in str(found)
    assert [(each.slug, each.update) for each in found.findings] == [("departs", 60)]


def test_noise_has_no_name():
    noise = np.random.default_rng(0).uniform(0.1, 1, 100)
    assert audit(noise).family is None


@pytest.mark.parametrize("updates", [1, 2, 3, 4])
def test_a_few_updates_are_enough_to_be_looked_at(updates):
    assert audit(table(schedules.cosine(0.1, 3), updates)).family


def test_a_value_for_each_epoch_is_told():
    found = audit(np.repeat(table(schedules.cosine(0.1, 9), 10), 7))
    assert (found.family, found.named[0].recipe.every) == ("cosine", 7)
    assert not found.findings
    assert "one value for every 7 updates" in str(found)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"rates": []}, "rates must have the shape"),
        ({"rates": ["high"]}, "rates must be numbers"),
        ({"rates": np.ones((2, 2, 2))}, "rates must have the shape"),
        ({"rates": [0.1] * 3, "plan": [0.1]}, "plan must be a schedule, or a rate"),
        ({"rates": [0.1], "plan": lambda step: "x"}, "schedule must return one real"),
        ({"rates": [0.1], "updates_per_epoch": 0}, "updates_per_epoch must be a pos"),
        ({"rates": [0.1], "momenta": [0.9, 0.9]}, "momenta must have the shape of"),
    ],
)
def test_what_cannot_be_looked_at_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        audit(**arguments)
