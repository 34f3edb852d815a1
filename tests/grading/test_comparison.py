"""`close` refuses what lenient comparisons pay points for."""

import ast
import inspect
import math
import re

import numpy as np
import pytest

from lrcourse.grading import close
from lrcourse.grading.exercise import exercises_in
from lrcourse.grading.mistakes.in_process import checks_of, in_process
from lrcourse.grading.mistakes.references import references
from tests import ROOT

EXERCISES = exercises_in(ROOT / "exercises" / "checks")
each_exercise = pytest.mark.parametrize(
    "exercise", EXERCISES, ids=lambda exercise: exercise.slug
)


class EqualToEverything:
    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 0


class FloatChild(float):
    pass


class TextChild(str):
    pass


class ListChild(list):
    pass


class ArrayChild(np.ndarray):
    pass


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        ([], 3.0),
        (np.array([]), 3.0),
        (True, 1.0),
        (True, 1),
        (1.0, 1),
        ("0.5", 0.5),
        (None, 0.0),
        (float("nan"), 0.0),
        (float("inf"), 1.0),
        (FloatChild(1.0), 1.0),
        (EqualToEverything(), 1.0),
        (np.ma.masked_array([1.0], mask=[True]), np.array([1.0])),
        (np.ones((3, 1)), np.ones(3)),
        (np.array([1.0, np.nan]), np.ones(2)),
        (np.array([True]), np.array([1.0])),
        ([1.0], (1.0,)),
        ([1.0, 2.0], [1.0]),
        ({"w": 1.0}, {"w": 1.0, "b": 0.0}),
        ({"w": np.ones(2)}, {"w": np.zeros(2)}),
        (0.5 + 1e-6, 0.5),
    ],
)
def test_what_is_not_the_expected_value_is_refused_and_described(got, expected):
    comparison = close(got, expected)
    assert not comparison
    assert "expected" in repr(comparison)
    assert len(repr(comparison)) < 240


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (1, 1.0),
        (0.1 + 0.2, 0.3),
        (3, np.int64(3)),
        (2.0, np.float64(2.0)),
        (np.ones(3), np.ones(3)),
        ([1.0, 2], [1.0, 2]),
        ({"w": np.ones(2)}, {"w": np.ones(2)}),
        ("slow", "slow"),
        (None, None),
    ],
)
def test_the_expected_value_is_accepted(got, expected):
    assert close(got, expected)


def test_shapes_are_named_when_they_are_what_differs():
    assert repr(close(np.ones((3, 1)), np.ones(3))) == (
        "got shape (3, 1), expected shape (3,)"
    )


def test_a_check_that_expects_nan_is_itself_at_fault():
    with pytest.raises(ValueError, match="finite"):
        close(1.0, float("nan"))
    with pytest.raises(ValueError, match="finite"):
        close(np.ones(1), np.array([np.inf]))


def test_tolerances_are_relative_and_absolute():
    assert close(1.05, 1.0, rtol=0.1)
    assert not close(1e-3, 0.0)
    assert close(1e-3, 0.0, atol=1e-2)


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (10**400, 1.0),
        (1 + 0j, 1.0),
        (np.array([1 + 0j]), np.array([1.0])),
        (np.array([1.0]), np.array([1])),
        (np.array([1]), np.array([True])),
        (np.array([1.0], dtype=object), np.array([1.0])),
        (np.array(["1"]), np.array([1.0])),
        (np.ones(1).view(ArrayChild), np.ones(1)),
        (np.array(1.0), 1.0),
        ({True: 1.0}, {1: 1.0}),
        (TextChild("slow"), "slow"),
        (ListChild([1.0]), [1.0]),
    ],
)
def test_what_only_behaves_like_the_expected_value_is_refused(got, expected):
    assert not close(got, expected)


@pytest.mark.parametrize("expected", [{2}, object(), np.array(["1"]), b"1"])
def test_a_check_that_expects_what_is_not_plain_data_is_itself_at_fault(expected):
    with pytest.raises(ValueError, match="expected must"):
        close(expected, expected)


@each_exercise
def test_every_assert_of_the_checks_is_a_close_or_asks_for_an_exception(exercise):
    files = exercise.folder.glob("*.py")
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in files]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    asserts = [node for node in nodes if isinstance(node, ast.Assert)]
    for node in asserts:
        text = ast.unparse(node.test)
        assert re.match(r"close\(|raises\('\w+', ", text)
        assert node.msg is not None
    assert asserts


CONSTANTS = {
    "an empty list": [],
    "an empty tuple": (),
    "an empty dict": {},
    "an empty array": np.array([]),
    "an empty matrix": np.empty((0, 3)),
    "a fully masked array": np.ma.masked_all(1),
    "true": True,
    "nan": math.nan,
    "infinity": math.inf,
    "an array of nan": np.array([math.nan]),
    "none": None,
    "an empty text": "",
    "what equals everything": EqualToEverything(),
}


@pytest.mark.parametrize("value", CONSTANTS.values(), ids=CONSTANTS)
def test_an_answer_that_always_returns_this_earns_no_point(value):
    for checks, reference in all_answers():
        answer = always(reference.function, value)
        assert passed(checks, answer) == set()


def deep(twist, value):
    """Apply `twist` to every number, text and array in a result."""
    if type(value) in (list, tuple):
        return type(value)(deep(twist, each) for each in value)
    if type(value) is dict:
        return {key: deep(twist, each) for key, each in value.items()}
    return twist(value) if isinstance(value, float | int | str | np.ndarray) else value


def as_a_column(value):
    return np.array(value)[..., None]


def as_a_subclass(value):
    if isinstance(value, np.ndarray):
        return value.view(ArrayChild)
    return TextChild(value) if isinstance(value, str) else FloatChild(value)


def as_a_masked_array(value):
    return np.ma.masked_array(value, mask=np.ones(np.shape(value), dtype=bool))


def as_an_array_of_objects(value):
    return np.array([value], dtype=object)


def as_text(value):
    return str(value) + " "


# what must raise, or counts a list only, sees nothing of a twist
RAISING = {
    "test_there_are_as_many_rates_as_updates",
    "test_inside_the_grid_there_is_no_edge",
    "test_a_missing_gradient_is_a_key_error",
    "test_a_forgotten_gradient_is_a_key_error",
    "test_at_the_limit_there_is_no_floor",
    "test_beyond_the_limit_there_is_no_floor_either",
    "test_the_gradient_is_asked_for_once_an_update",
    "test_an_unknown_family_is_a_value_error",
    "test_bounds_that_do_not_match_are_a_value_error",
}


@pytest.mark.parametrize(
    "twist",
    [as_a_column, as_a_subclass, as_a_masked_array, as_an_array_of_objects, as_text],
)
def test_the_right_answer_in_the_wrong_form_earns_no_point(twist):
    for checks, reference in all_answers():
        answer = twisted(reference.function, lambda value: deep(twist, value))
        assert passed(checks, answer) <= RAISING


def all_answers():
    for exercise in EXERCISES:
        checks = checks_of(exercise)
        for name, reference in references(exercise).items():
            yield checks[name], reference


def passed(checks, answer):
    """Return the names of the checks that `answer` passes."""
    answers = in_process({checks.answer: answer})
    failed = {name for name, _ in checks.failing(checks.all, answers)}
    return {check.__name__ for check in checks.all} - failed


def always(right, value):
    """Return a function, or a class whose methods all do it, that returns `value`."""
    if not inspect.isclass(right):
        return lambda *args, **kwargs: value
    empty = dict.fromkeys(methods_of(right), lambda self, *args: value)
    start = {"__init__": lambda self, *args, **kwargs: None, "__module__": "answers"}
    return type("Answer", (), empty | start)


def twisted(right, twist):
    """Return `right` with `twist` applied to whatever it, or its methods, return."""
    if not inspect.isclass(right):
        return lambda *args, **kwargs: twist(right(*args, **kwargs))
    methods = {
        name: twisted(method, twist) for name, method in methods_of(right).items()
    }
    return type("Answer", (right,), methods | {"__module__": "answers"})


def methods_of(right):
    return {
        name: method
        for name, method in vars(right).items()
        if inspect.isfunction(method) and name != "__init__"
    }
