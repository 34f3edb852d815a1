"""Cases that tell an answer from its known mistakes: what is said, what is earned."""

import math

import numpy as np
import pytest

from lrcourse.grading.checking.given import CaseFault, as_arguments, outcome
from lrcourse.grading.exercise import Exercise
from lrcourse.grading.mistakes.in_process import checks_of, in_process
from lrcourse.grading.verdict import PartlyRight
from tests.grading.halves import FILES, write_checks, write_notebook

DECAY = """
import numpy as np

from lrcourse.grading import Edit, Mistakes

HINTS = ["one"]


def test_decay(decay_lr):
    assert decay_lr(1, 1.0) == 0.5, "x"


MISTAKES = Mistakes(
    see="Decay",
    never_falls=Edit("You never fall.", {" / (1 + step)": ""}),
    falls_for_ever_from_max_lr=Edit("It falls.", {"1 + step": "2 ** step"}),
    ends_the_process=Edit("It ends.", {"(1 + step)": "(1 + step) + [][step]"}),
    never_returns=Edit("It loops.", {"return": "while max_lr: pass\\n    return"}),
)
"""
SOLUTION = [
    "import math",
    "def decay_lr(step, max_lr, min_lr=0.0):\n    return max_lr / (1 + step) + min_lr",
    "def tell_apart():\n    return []",
]
TESTS = """
from lrcourse.grading import tells_apart

TESTS = tells_apart(
    "decay_lr",
    cases=3,
    domain={"`max_lr` is at least `min_lr`": lambda step, a, b: a >= b},
)
"""
HOLDS, APART = (
    "test_every_case_of_decay_lr_holds",
    "test_every_mistake_in_decay_lr_is_caught",
)
WRITE = "`((step, max_lr, min_lr), value)`"
LIST = f"a list of cases, each {WRITE}"
NO_PAIR = f"it is no pair of arguments and value: write {WRITE}"
CANNOT = "`decay_lr` cannot take these arguments: "
DOMAIN = "its arguments are not allowed: `max_lr` is at least `min_lr`"
NO_NUMBER = "and should be a number"
NOT_ITS_VALUE = (
    "that is not its value. Put in the arguments once more, one at a time: in "
    f"`decay_lr` they stand as {WRITE}"
)
ROUNDED = "its value is rounded: write it in full, as a fraction or a formula"
RIGHT = ((1, 1.0), 0.5)


@pytest.fixture
def exercise(tmp_path):
    shared = FILES["exercise.py"] + '\nCOUNTS = ("step",)\nLENGTHS = ()\n'
    files = {
        "exercise.py": shared,
        "test_decay_lr.py": DECAY,
        "test_tell_apart.py": TESTS,
    }
    checks = tmp_path / "exercises" / "checks"
    checks.parent.mkdir()
    write_checks(checks, "01_decay", files)
    write_notebook(tmp_path / "solutions" / "01_decay.ipynb", SOLUTION)
    return Exercise("01_decay", checks)


@pytest.fixture
def said(exercise):
    """Return a function from what a learner returns to what each test says of it."""
    own = checks_of(exercise)["tell_apart"]

    def tried(given):
        answers = in_process({"tell_apart": lambda: given})
        return dict(own.failing(own.all, answers))

    return tried


def test_cases_that_hold_and_catch_all_earn_all(said):
    assert said([((2, 1.0), 1 / 3)]) == {}
    assert said([[[2, 1.0, 0.0], 1 / 3]]) == {}


def test_a_mistake_that_gives_the_same_is_said_with_the_value_and_the_share(said):
    found = said([RIGHT, ((0, 2.0, 1.0), 3)])
    assert set(found) == {APART}
    assert found[APART].reasons == [
        "A rate that falls for ever from `max_lr` also gives 0.5 and 3 here."
    ]
    assert str(found[APART]).startswith("1 of 4 known mistakes gets away")
    assert found[APART].share == 3 / 4


def test_a_word_that_is_allowed_stands_for_itself():
    form, words = "a case", ("relu",)
    assert as_arguments(("relu", 2), form, words) == ["relu", 2]
    for other in (("tanh", 2), (["relu"], 2)):
        with pytest.raises(CaseFault, match="an argument is a str, and should be"):
            as_arguments(other, form, words)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (None, f"it returned None: is a return missing? It should return {LIST}"),
        (3, f"return {LIST}, not a value of type int"),
        ("cases", f"return {LIST}, not a value of type str"),
        ({"a": 1}, f"return {LIST}, not a value of type dict"),
        (np.ones(2), f"return {LIST}, not a value of type ndarray"),
        (math.inf, f"return {LIST}, not a value of type float"),
        ([], f"the list is empty: give a case, {WRITE}"),
        ((), f"the list is empty: give a case, {WRITE}"),
        (((1, 1.0), 0.5), f"that is one case, and no list: write `[{WRITE[1:-1]}]`"),
    ],
)
def test_what_is_no_list_of_cases_is_said_once_for_both(said, given, sentence):
    found = said(given)
    assert {name: str(error) for name, error in found.items()} == {
        HOLDS: sentence,
        APART: sentence,
    }
    assert all(error.share == 0 for error in found.values())


@pytest.mark.parametrize(
    ("case", "sentence"),
    [
        (3, NO_PAIR),
        ((2, 1.0, 0.5), NO_PAIR),
        ((2, 1.0), f"its arguments are no tuple: write {WRITE}"),
        (((2,), 0.5), CANNOT + "missing a required argument: 'max_lr'"),
        (((2, 1.0, 0.0, 0), 0.5), CANNOT + "too many positional arguments"),
        (((-2, 1.0), 0.5), "`step` counts: it is 0, 1, 2, …"),
        (((0.5, 1.0), 0.5), "`step` counts: it is 0, 1, 2, …"),
        (((2, 1.0, 2.0), 0.5), DOMAIN),
        (((2, math.nan), 0.5), "nan is no number for paper"),
        (((2, 1e300), 0.5), "1e+300 is no number for paper"),
        (((10**400, 1.0), 0.5), f"{'1' + '0' * 88}… is no number for paper"),
        (((True, 1.0), 0.5), f"an argument is a bool, {NO_NUMBER}"),
        ((("2", 1.0), 0.5), f"an argument is a str, {NO_NUMBER}"),
        (
            ((len, 1.0), 0.5),
            f"an argument is a builtin_function_or_method, {NO_NUMBER}",
        ),
        (((2, [1.0] * 17), 0.5), "17 numbers are too many for paper"),
        (((2, [[1.0], [2.0, 3.0]]), 0.5), "[[1.0], [2.0, 3.0]] is no array of numbers"),
        (((2, [1.0]), 0.5), DOMAIN),
        (((1, 1.0), 0.5), "it has the arguments of case 1"),
        (((2, 1.0), math.nan), "its value is nan, and should be finite"),
        (((2, 1.0), -math.inf), "its value is -inf, and should be finite"),
        (((2, 1.0), "1/3"), f"its value is a str, {NO_NUMBER}"),
        (((2, 1.0), None), f"its value is a NoneType, {NO_NUMBER}"),
        (((2, 1.0), True), f"its value is a bool, {NO_NUMBER}"),
        (((2, 1.0), 0.333), ROUNDED),
        (((2, 1.0), 0.33), ROUNDED),
        (((2, 1.0), 0.3), ROUNDED),
        (((2, 1.0), 0.34), NOT_ITS_VALUE),
        (((2, 1.0), 0), NOT_ITS_VALUE),
        (
            ((2, 1.0), 1),
            "that is the value of a rate that never falls, not the right one",
        ),
        (
            ((2, 1.0), 0.25),
            "that is the value of a rate that falls for ever from `max_lr`, not the "
            "right one",
        ),
    ],
)
def test_what_is_wrong_with_a_case_is_said_and_the_others_count(said, case, sentence):
    found = said([RIGHT, case, ((0, 3.0, 1.0), 4.0)])
    assert str(found[HOLDS]) == "2 of your 3 cases can stay as they are"
    assert found[HOLDS].reasons == [f"case 2: {sentence}"]
    assert found[HOLDS].share == 0
    assert found[APART].share == 3 / 4
    assert "0.333333" not in f"{found[HOLDS]}{found[HOLDS].reasons}"


def test_cases_that_are_too_many_are_said_and_not_looked_at(said):
    found = said([RIGHT, ((0, 1.0), 1.0), ((0, 2.0), 2.0), ((2, 1.0), 1 / 3)])
    assert str(found[HOLDS]) == "your first 3 cases hold, and no more are allowed"
    assert found[HOLDS].reasons == [
        "4 cases are more than 3: those after case 3 are not looked at"
    ]
    assert found[APART].share == 3 / 4


def test_without_a_case_that_holds_nothing_is_caught(said):
    found = said([((1, 1.0), 1.0)])
    assert str(found[HOLDS]) == "your case cannot stay as it is"
    assert str(found[APART]) == "no case holds yet, and only one that does can catch"
    assert found[APART].share == 0


def test_without_a_solution_that_is_said(exercise, said):
    exercise.solution.unlink()
    found = said([RIGHT])
    assert "holds no solution of decay_lr" in str(found[HOLDS])
    assert isinstance(found[APART], PartlyRight)


def test_what_a_reference_cannot_take_is_refused(exercise, said):
    text = exercise.solution.read_text()
    exercise.solution.write_text(text.replace("(1 + step) +", "(1 - step) +"))
    assert said([RIGHT])[HOLDS].reasons == [
        "case 1: `decay_lr` refuses these arguments (ZeroDivisionError)"
    ]


def test_a_call_of_ours_keeps_what_it_was_given_and_ends():
    def greedy(values):
        values += 1
        while True:
            pass

    given = np.zeros(2)
    assert outcome(greedy, [given]) == ("Overrun", None)
    assert not given.any()
    assert outcome(lambda: np.float64(2), []) == ("", 2.0)
