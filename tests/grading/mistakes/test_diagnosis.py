"""Naming the mistake: known ones first, then slips, and nobody without a match."""

import inspect
import math

import numpy as np
import pytest

from lrcourse.grading.answers.errors import AnswerRaised
from lrcourse.grading.exercise import Exercise, Mistake
from lrcourse.grading.mistakes.diagnosis import name_mistake
from lrcourse.grading.mistakes.score import checks_of, failing, in_process
from tests import ROOT

CHECKS = ROOT / "exercises" / "checks"
EXERCISES = [
    Exercise(path.stem.removeprefix("test_"), CHECKS)
    for path in sorted(CHECKS.glob("test_*.py"))
]
MAX_LR = {"max_lr": 0.1, "total_steps": 100, "min_lr": 0.02}


@pytest.fixture(scope="module")
def cosine_lr():
    return Exercise("06_decay_formulas", CHECKS).references()["cosine_lr"]


def test_most_known_mistakes_are_named_and_half_of_them_would_be_by_a_slip_alone():
    named = by_slip = total = 0
    for exercise in EXERCISES:
        checks, references = checks_of(exercise), exercise.references()
        mistakes = exercise.mistakes()
        for mistake in mistakes:
            name, reference = mistake.answer, references[mistake.answer]
            answers = in_process(reference.names | {name: mistake.function})
            some = checks.public[name] + checks.hidden[name]
            assert list(failing(some, answers, exercise.slug))
            named += name_mistake(answers, name, mistakes, reference) is mistake
            by_slip += name_mistake(answers, name, [], reference) is not None
            total += 1
    assert named >= 0.95 * total
    assert by_slip >= 0.5 * total


def test_a_slip_that_nobody_has_written_down_is_named(cosine_lr):
    def sine(step, max_lr, total_steps, min_lr):
        progress = min(step / total_steps, 1)
        return min_lr + (max_lr - min_lr) * (1 + math.sin(math.pi * progress)) / 2

    named = name_mistake(called(sine), "answer", [], cosine_lr)
    assert named.sentence == "You seem to take the sine: where does a cosine begin?"
    assert named.as_dict()["name"] == "cosine_lr__sin_for_cos"


def test_a_known_mistake_is_asked_before_a_slip(cosine_lr):
    def never_stops(step, max_lr, total_steps, min_lr):
        height = (1 + math.cos(math.pi * step / total_steps)) / 2
        return min_lr + (max_lr - min_lr) * height

    known = Mistake("answer", never_stops, "it never stops", "", "")
    assert name_mistake(called(never_stops), "answer", [known], cosine_lr) is known


def test_without_a_reference_only_known_mistakes_are_asked(cosine_lr):
    half = Mistake("answer", lambda step, **settings: 0.5, "a half", "", "")
    assert name_mistake(called(lambda step, **s: 0.5), "answer", [half], None) is half
    assert name_mistake(called(lambda step, **s: 0.4), "answer", [half], None) is None


def test_nobody_is_named_for_the_right_answer_for_no_call_and_for_no_match(cosine_lr):
    right = called(cosine_lr.function)
    assert name_mistake(right, "answer", [], cosine_lr) is None
    assert name_mistake(in_process({}), "answer", [], cosine_lr) is None
    odd = called(lambda step, **settings: 0.123 * step)
    assert name_mistake(odd, "answer", [], cosine_lr) is None


def test_the_type_of_an_exception_counts(cosine_lr):
    def refuses(step, **settings):
        raise KeyError(step)

    def refuses_otherwise(step, **settings):
        raise IndexError(step)

    mistakes = [
        Mistake("answer", function, function.__name__, "", "")
        for function in (refuses_otherwise, refuses)
    ]
    named = name_mistake(called(refuses), "answer", mistakes, None)
    assert named.sentence == "refuses"


def test_a_candidate_that_never_ends_is_passed_over():
    def endless(step, **settings):
        while True:
            pass

    def half(step, **settings):
        return 0.5

    mistakes = [Mistake("answer", f, f.__name__, "", "") for f in (endless, half)]
    assert name_mistake(called(half), "answer", mistakes, None).sentence == "half"


def test_asked_again_only_the_new_calls_are_played():
    played = []

    def half(step):
        played.append(step)
        return 0.5

    answers = in_process({"answer": lambda step: 0.5})
    known = Mistake("answer", half, "a half", "", "")
    memory = {}
    for step in range(3):
        answers.answer(step)
        assert name_mistake(answers, "answer", [known], None, memory) is known
    assert played == [0, 1, 2]


def test_a_check_that_writes_into_a_result_leaves_the_record_alone():
    def add_one(w):
        w += 1
        return w

    answers = in_process({"answer": add_one})
    w = np.zeros(2)
    for _ in range(3):
        w = answers.answer(w)
    values = [call.outcome.value.tolist() for call in answers.calls]
    assert values == [[1, 1], [2, 2], [3, 3]]
    known = Mistake("answer", add_one, "in place", "", "")
    assert name_mistake(answers, "answer", [known], None) is known


class Thing:
    __module__ = "answers"


@pytest.mark.parametrize(
    ("mine", "theirs", "same"),
    [
        ({"w": math.nan}, {"w": math.nan}, True),
        ({"w": [np.ones(2)]}, {"w": [np.ones(2)]}, True),
        ({"w": [np.ones(2)]}, {"w": [np.zeros(2)]}, False),
        ({"w": 1.0}, {"b": 1.0}, False),
        ({"w": Thing()}, {"w": Thing()}, True),
        ({"w": Thing()}, {"w": 1.0}, False),
        (Thing(), 1.0, False),
        (Thing(), None, False),
        (1.0, Thing(), False),
        (math.sqrt, math.sin, True),  # until they are called
        ({1, 2}, {1, 2}, True),  # only the type of what is not plain data is known
        ({1, 2}, 1.0, False),
        ((1.0, 2.0), [1.0, 2.0], False),
        (True, 1.0, False),
        (1, 1.0, True),
    ],
)
def test_two_results_are_the_same_down_to_what_they_hold(mine, theirs, same):
    answers = in_process({"answer": lambda: mine})
    answers.answer()
    known = Mistake("answer", lambda: theirs, "the same", "", "")
    assert (name_mistake(answers, "answer", [known], None) is known) is same


def test_objects_are_told_apart_by_what_they_do():
    class Counter:
        __module__ = "answers"

        def __init__(self):
            self.n = 0

        def step(self):
            self.n += 1

    class Twice(Counter):
        __module__ = "answers"

        def step(self):
            self.n += 2

    answers = in_process({"answer": Twice})
    counter = answers.answer()
    counter.step()
    assert counter.n == 2
    mistakes = [Mistake("answer", c, c.__name__, "", "") for c in (Counter, Twice)]
    assert name_mistake(answers, "answer", mistakes, None).sentence == "Twice"


def test_a_mistake_may_be_a_class_whose_source_can_be_found():
    known = {m.function.__name__: m for m in EXERCISES[-1].mistakes()}
    wrong = known["CyclicSchedule__never_cycles"]
    assert inspect.isclass(wrong.function)
    assert "return 1.0" in inspect.getsource(wrong.function)
    assert wrong.sentence.startswith("Your rates stand at the upper bound")


def test_what_says_something_about_the_notebook_only_is_not_named():
    answers = in_process({"answer": lambda step: 0.5})
    with pytest.raises(AnswerRaised, match="not possible"):
        answers.answer(1, 2, 3)
    known = Mistake("answer", lambda step: 0.5, "a half", "", "")
    assert name_mistake(answers, "answer", [known], None) is None


def called(function):
    """Return answers whose `answer` was asked for the rate of seven updates."""
    answers = in_process({"answer": function})
    for step in (0, 1, 25, 50, 75, 100, 150):
        try:
            answers.answer(step, **MAX_LR)
        except AnswerRaised:
            continue
    return answers
