"""The best setting of a table, its edges, and the stretch of usable rates."""

import math
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrcourse.grading.exercise import Exercise
from lrcourse.measure import best, usable_range
from lrcourse.optimizers import SGD, Adam
from lrcourse.schedules import constant
from lrcourse.sweep import MLP, sweep
from tests import ROOT

deterministic = settings(max_examples=40, deadline=None, derandomize=True)
LRS = [0.01, 0.03, 0.1, 0.3]


def table_of(scores, lrs=LRS, metric="accuracy", **columns):
    """Return a table of one row for each rate and seed: scores[lr][seed]."""
    rows = [
        {"lr": lr, "seed": seed, metric: score} | columns
        for lr, of_seeds in zip(lrs, scores, strict=True)
        for seed, score in enumerate(of_seeds)
    ]
    return pd.DataFrame(rows)


def test_the_best_setting_has_the_best_mean_over_its_seeds():
    table = table_of([[0.1, 0.2], [0.9, 0.1], [0.6, 0.5], [0.3, 0.3]])
    found = best(table, "accuracy")
    assert found.setting == {"lr": 0.1}
    assert found.value == pytest.approx(0.55)
    assert not found.at_edge
    assert str(found) == "best accuracy 0.55 at lr 0.1"


@pytest.mark.parametrize(
    ("place", "edge", "beyond"), [(0, "lowest", "0.00333"), (3, "highest", "0.9")]
)
def test_a_best_at_the_edge_says_how_to_widen_the_grid(place, edge, beyond):
    scores = [[0.1, 0.1] for _ in LRS]
    scores[place] = [0.5, 0.7]
    found = best(table_of(scores), "accuracy")
    assert found.at_edge
    assert found.edges == {"lr": edge}
    assert str(found) == (
        f"best accuracy 0.6 at lr {LRS[place]}; lr {LRS[place]} is the {edge} one "
        f"tried: widen the grid, lr {beyond} next"
    )


def test_numbers_of_a_setting_are_python_s_and_short_in_the_sentence():
    table = table_of([[0.1], [0.3], [0.2]], lrs=np.geomspace(0.01, 1, 3), batch_size=32)
    found = best(table, "accuracy")
    assert [type(value) for value in found.setting.values()] == [float, int]
    table = table_of([[0.1], [0.3], [0.2]], lrs=[0.01, 1 / 3, 1])
    assert str(best(table, "accuracy")) == "best accuracy 0.3 at lr 0.3333"


def test_the_edge_is_that_of_the_rates_tried_with_the_same_rule():
    sgd = table_of([[0.4], [0.5], [0.6]], lrs=[0.1, 0.3, 1.0], rule="SGD")
    adam = table_of([[0.3], [0.5], [0.4]], lrs=[0.001, 0.01, 0.1], rule="Adam")
    table = pd.concat([adam, sgd])
    found = best(table, "accuracy")
    assert found.setting == {"rule": "SGD", "lr": 1.0}
    assert found.edges == {"lr": "highest"}
    found = best(table[table["lr"] < 1], "accuracy")
    assert found.setting == {"rule": "Adam", "lr": 0.01}
    assert found.edges == {}


def test_every_axis_has_edges_of_its_own():
    rows = [
        {"lr": lr, "momentum": m, "seed": 0, "loss": (lr - 0.03) ** 2 + (1 - m)}
        for lr in (0.01, 0.03, 0.1)
        for m in (0.0, 0.5, 0.9)
    ]
    found = best(pd.DataFrame(rows), "loss", settings=["lr", "momentum"])
    assert found.setting == {"lr": 0.03, "momentum": 0.9}
    assert found.edges == {"momentum": "highest"}
    assert found.tried == {"lr": [0.01, 0.03, 0.1], "momentum": [0.0, 0.5, 0.9]}
    assert "momentum 0.9 is the highest one tried" in str(found)


def test_beyond_zero_or_below_it_the_grid_goes_on_in_equal_steps():
    table = table_of([[0.9], [0.5]], lrs=[0.0, 0.25])
    assert "lr -0.25 next" in str(best(table, "accuracy"))


def test_one_rate_alone_says_so_where_others_had_more():
    alone = table_of([[0.9]], lrs=[0.1], rule="SGD")
    more = table_of([[0.3], [0.5]], lrs=[0.001, 0.01], rule="Adam")
    found = best(pd.concat([alone, more]), "accuracy")
    assert found.edges == {"lr": "only"}
    assert "lr 0.1 is the only one tried: try others on both sides" in str(found)


def test_what_was_never_varied_is_no_axis():
    found = best(table_of([[0.5]], lrs=[0.1], batch_size=32), "accuracy")
    assert found.setting == {"lr": 0.1, "batch_size": 32}
    assert found.edges == {}


@pytest.mark.parametrize(
    ("metric", "lr"), [("test_loss", 0.1), ("error", 0.1), ("tuning_accuracy", 0.01)]
)
def test_a_metric_s_name_says_which_end_is_good(metric, lr):
    table = table_of([[0.9], [0.5], [0.1], [0.3]], metric=metric)
    assert best(table, metric).setting == {"lr": lr}
    opposite = {"min": "max", "max": "min"}["min" if lr == 0.1 else "max"]
    assert best(table, metric, mode=opposite).setting != {"lr": lr}


def test_another_name_does_not():
    table = table_of([[0.9], [0.5], [0.1], [0.3]], metric="reward")
    with pytest.raises(ValueError, match="mode must be 'min' or 'max' for the metric"):
        best(table, "reward")
    assert best(table, "reward", mode="max").setting == {"lr": 0.01}
    with pytest.raises(ValueError, match="mode must be one of min, max, got 'up'"):
        best(table, "reward", mode="up")


@pytest.mark.parametrize("lost", [math.nan, math.inf])
def test_a_setting_with_a_failed_training_is_not_the_best_and_is_counted(lost):
    table = table_of([[0.1, 0.1], [0.2, 0.2], [0.5, 0.5], [0.99, lost]])
    found = best(table, "accuracy")
    assert found.setting == {"lr": 0.1}
    assert found.edges == {}  # the failed rate beyond was tried
    assert found.failed == 1
    assert str(found).endswith("; 1 trainings of the table failed")


def test_of_equally_good_settings_it_is_the_first():
    assert best(table_of([[0.5]] * 4), "accuracy").setting == {"lr": 0.01}


@given(
    st.lists(
        st.lists(st.integers(0, 20), min_size=2, max_size=2), min_size=2, max_size=6
    ),
    st.sampled_from(["min", "max"]),
)
@deterministic
def test_it_is_the_best_of_the_means_taken_one_by_one(scores, mode):
    lrs = [0.1 * 2**n for n in range(len(scores))]
    found = best(table_of(scores, lrs, "score"), "score", mode=mode)
    means = [float(np.mean(of_seeds)) for of_seeds in scores]
    top = max(means) if mode == "max" else min(means)
    assert found.value == top
    place = means.index(top)
    assert found.setting == {"lr": lrs[place]}
    assert found.at_edge == (place in (0, len(lrs) - 1))


def test_a_sweep_s_own_table_is_understood():
    rng = np.random.default_rng(0)
    data = rng.standard_normal((30, 4)), rng.integers(3, size=30)
    table = sweep(
        MLP((4, 3)),
        (*data, *data),
        rules={"SGD": SGD(), "Adam": Adam()},
        schedules={"constant": constant},
        lrs=[1e-4, 1e-3, 1e-2],
        seeds=range(2),
        epochs=2,
        batch_size=10,
        n_jobs=1,
    )
    found = best(table, "test_loss")
    means = table.groupby(["rule", "schedule", "lr"])["test_loss"].mean()
    assert tuple(found.setting.values()) == means.idxmin()
    assert found.edges == {"lr": "highest"}
    parts = {
        name: usable_range(part, "test_loss", within=0.01)
        for name, part in table.groupby("rule")
    }
    assert parts.keys() == {"SGD", "Adam"}


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (table_of([[0.5]], [0.1]).drop(columns="lr"), "table must have rows, and colu"),
        (
            table_of([[0.5]], [0.1]).drop(columns="accuracy"),
            "got 1 rows of",
        ),
        (table_of([[0.5]], [0.1])[:0], "got 0 rows"),
        (table_of([[0.5, 0.6]], [0.1], epoch=1).assign(epoch=[1, 2]), "one epoch, got"),
        (table_of([[0.5, 0.6]], [0.1], step=1).assign(step=[5, 9]), "one step, got r"),
        (table_of([[math.nan] * 2], [0.1]), "trainings that failed, 2 of 2"),
    ],
)
def test_a_table_without_a_best_is_refused(table, message):
    with pytest.raises(ValueError, match=message):
        best(table, "accuracy")


CURVE = [0.2, 0.45, 0.55, 0.6, 0.52, 0.1, 0.58]  # the last is beyond a hole
RATES = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0]


@pytest.mark.parametrize(
    ("within", "low", "high", "edges"),
    [
        (0.0, 0.03, 0.03, ()),
        (0.06, 0.01, 0.03, ()),
        (0.1, 0.01, 0.1, ()),
        (0.2, 0.003, 0.1, ()),
        (0.4, 0.001, 0.1, ("lowest",)),
        (0.5, 0.001, 1.0, ("lowest", "highest")),
    ],
)
def test_the_usable_rates_are_the_stretch_around_the_best(within, low, high, edges):
    table = table_of([[score] for score in CURVE], RATES)
    found = usable_range(table, "accuracy", within + 1e-12)
    assert (found.low, found.high, found.edges) == (low, high, edges)
    assert found.decades == pytest.approx(math.log10(high / low))


def test_for_losses_it_is_the_stretch_that_is_not_higher():
    table = table_of([[1 - s] for s in CURVE], RATES, "train_loss")
    found = usable_range(table, "train_loss", within=0.1)
    assert (found.low, found.high) == (0.01, 0.1)


def test_a_rate_at_which_a_training_failed_ends_the_stretch():
    table = table_of([[0.5, 0.5], [0.6, 0.6], [0.59, math.nan], [0.6, 0.5]])
    found = usable_range(table, "accuracy", within=0.2)
    assert (found.low, found.high, found.edges) == (0.01, 0.03, ("lowest",))


def test_rows_may_come_in_any_order():
    table = table_of([[score] for score in CURVE], RATES).sample(frac=1, random_state=1)
    found = usable_range(table, "accuracy", within=0.1)
    assert (found.low, found.high) == (0.01, 0.1)


def test_several_rules_are_taken_one_by_one():
    table = pd.concat(
        [table_of([[s] for s in CURVE], RATES, rule=rule) for rule in ("a", "b")]
    )
    with pytest.raises(ValueError, match=r"several of rule: .*groupby\('rule'\)"):
        usable_range(table, "accuracy", within=0.1)


@pytest.mark.parametrize(
    ("change", "within", "message"),
    [
        ({}, -0.1, "within must be zero or more and finite"),
        ({"lr": [0.0, 1.0, 2.0, 3.0]}, 0.1, "lr must be positive numbers"),
        ({"lr": list("abcd")}, 0.1, "lr must be positive numbers"),
    ],
)
def test_what_has_no_range_is_refused(change, within, message):
    table = table_of([[0.1], [0.5], [0.6], [0.2]]).assign(**change)
    with pytest.raises(ValueError, match=message):
        usable_range(table, "accuracy", within)


def test_the_room_does_not_load_pandas():
    code = "import sys, lrcourse.measure; print('pandas' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"


def test_the_exercise_expects_the_same_usable_range():
    exercise = Exercise("04_vanishing", ROOT / "exercises" / "checks")
    expected = exercise.check("usable_range").stretch
    rng = np.random.default_rng(0)
    for _ in range(200):
        lrs = np.sort(10 ** rng.uniform(-4, 1, 8))
        scores = rng.uniform(0, 1, 8)
        scores[rng.uniform(size=8) < 0.2] = math.nan
        scores[int(rng.integers(8))] = 1.1
        within = float(rng.uniform(0.1, 1.0))
        table = pd.DataFrame({"lr": lrs, "accuracy": scores})
        found = usable_range(table, "accuracy", within=within)
        assert expected(lrs, scores, within) == (found.low, found.high)
