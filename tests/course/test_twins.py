"""What is printed when a rule or a schedule is exported and compared with nothing."""

from types import SimpleNamespace

import pytest

from lrcourse.optimizers import SGD, Rule
from lrcourse.schedules import Schedule, constant
from tests.course import twins

TABLES = "the tables of test_oracles.py"
TEST = "tests/optimizers/test_clipping.py::test_clipping_is_torch_s"


class WrongSign(SGD):
    """A rule that climbs."""

    def step(self, w, grad, state, lr):
        return w + lr * grad, state


def wrong_sign(base_lr) -> Schedule:
    return lambda step: -base_lr


def test_an_exported_rule_without_a_twin_is_named():
    package = SimpleNamespace(
        __all__=["SGD", "Rule", "WrongSign"], SGD=SGD, Rule=Rule, WrongSign=WrongSign
    )
    exported = twins.rules(package)
    compared = twins.rules_in({"SGD": SimpleNamespace(ours=SGD())})
    assert twins.without_a_twin(exported, compared, {}, {}, TABLES) == [
        "WrongSign is exported and compared with no library: put it beside its twin in "
        "the tables of test_oracles.py, or say in WHY_NONE why it has none and what "
        "holds it"
    ]


def test_an_exported_schedule_without_a_twin_is_named():
    package = SimpleNamespace(
        __all__=["Schedule", "constant", "wrong_sign"],
        Schedule=Schedule,
        constant=constant,
        wrong_sign=wrong_sign,
    )
    source = """
TORCH = {"constant": lambda s: Pair(schedules.constant(0.1), optax.constant(0.1))}
OTHER = schedules.wrong_sign
"""
    compared = twins.schedules_in(source, "TORCH")
    assert compared == {"constant"}
    (sentence,) = twins.without_a_twin(
        twins.schedules(package), compared, {}, {}, TABLES
    )
    assert sentence.startswith("wrong_sign is exported and compared with no library")


@pytest.mark.parametrize(
    ("elsewhere", "why_none", "sentence"),
    [
        ({}, {"A": "none"}, "A has no twin, and no sentence says why: 'none'"),
        ({"A": f"{TEST}s"}, {}, f"A is compared by {TEST}s, and there is no such test"),
        ({"A": TEST}, {}, f"A is compared by {TEST}, and there is no such test"),
        ({"C": TEST}, {}, "C is not exported: take it out of WHY_NONE or ELSEWHERE"),
        ({"B": TEST}, {}, "B stands beside a twin in the tables of test_oracles.py"),
    ],
)
def test_a_reason_that_is_none_or_no_longer_is_one_is_named(
    elsewhere, why_none, sentence
):
    found = twins.without_a_twin({"A", "B"}, {"B"}, elsewhere, why_none, TABLES)
    assert any(each.startswith(sentence) for each in found), found
