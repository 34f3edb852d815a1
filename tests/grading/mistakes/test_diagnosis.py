"""Diagnosis: known mistakes first, then mutants, and nobody without a match."""

import dataclasses
import inspect
import math

import numpy as np
import pytest

from lrcourse.grading.answers.errors import AnswerRaised
from lrcourse.grading.exercise import exercises_in
from lrcourse.grading.mistakes.diagnosis import Diagnosis
from lrcourse.grading.mistakes.in_process import checks_of, in_process
from lrcourse.grading.mistakes.known import Mistakes
from lrcourse.grading.mistakes.references import Reference, references
from tests import ROOT

EXERCISES = exercises_in(ROOT / "exercises" / "checks")
MAX_LR = {"max_lr": 0.1, "total_steps": 100, "min_lr": 0.02}


@pytest.fixture(scope="module")
def cosine_lr():
    decays = next(each for each in EXERCISES if each.slug == "06_decay_formulas")
    return references(decays)["cosine_lr"]


def test_most_known_mistakes_are_named_and_one_in_three_would_be_by_a_mutant_alone():
    named = by_mutant = total = 0
    for exercise in EXERCISES:
        checks = checks_of(exercise)
        for name, reference in references(exercise).items():
            unwarned = dataclasses.replace(reference, declared=Mistakes(see=""))
            for mistake in reference.known:
                answers = in_process(reference.names | {name: mistake.function})
                own = checks[name]
                assert list(own.failing(own.all, answers))
                named += Diagnosis(answers, {name: reference}).mistake(name) is mistake
                mutant = Diagnosis(answers, {name: unwarned}).mistake(name)
                by_mutant += mutant is not None
                total += 1
    assert named >= 0.95 * total
    assert by_mutant >= total / 3


def test_a_mistake_that_nobody_has_written_down_is_named(cosine_lr):
    def sine(step, max_lr, total_steps, min_lr):
        progress = min(step / total_steps, 1)
        return min_lr + (max_lr - min_lr) * (1 + math.sin(math.pi * progress)) / 2

    named = of(called(sine), cosine_lr)
    assert named.sentence == "You seem to take the sine: where does a cosine begin?"
    assert named.as_dict()["name"] == "cosine_lr__sin_for_cos"


def test_a_known_mistake_is_asked_before_a_mutant(cosine_lr):
    def never_stops(step, max_lr, total_steps, min_lr):
        height = (1 + math.cos(math.pi * step / total_steps)) / 2
        return min_lr + (max_lr - min_lr) * height

    assert of(called(never_stops), cosine_lr).slug == "forgets_to_stop"
    unwarned = dataclasses.replace(cosine_lr, declared=Mistakes(see=""))
    assert of(called(never_stops), unwarned).slug == "no_clamp"


def test_two_known_mistakes_that_do_the_same_are_both_offered():
    def one(*values, **settings):
        """You do it this way."""
        return 1.0

    def other(*values, **settings):
        """You do it that way."""
        return 1.0

    found = of(called(lambda step, **settings: 1.0), reference(one, other))
    assert found.sentence == "Either: You do it this way. Or: You do it that way."


def test_without_a_reference_nobody_is_named():
    assert Diagnosis(called(lambda step, **s: 0.5), {}).mistake("cosine_lr") is None


def test_nobody_is_named_for_the_right_answer_for_no_call_and_for_no_match(cosine_lr):
    assert of(called(cosine_lr.function), cosine_lr) is None
    assert of(in_process({}), cosine_lr) is None
    assert of(called(lambda step, **settings: 0.123 * step), cosine_lr) is None


def test_the_type_of_an_exception_counts():
    def refuses(step, **settings):
        """It refuses."""
        raise KeyError(step)

    def refuses_otherwise(step, **settings):
        """It refuses otherwise."""
        raise IndexError(step)

    knows = reference(refuses_otherwise, refuses)
    assert of(called(refuses), knows).slug == "refuses"


def test_a_candidate_that_never_ends_is_passed_over():
    def endless(step, **settings):
        """It never ends."""
        while True:
            pass

    def half(step, **settings):
        """It is a half."""
        return 0.5

    assert of(called(half), reference(endless, half)).slug == "half"


def test_asked_again_only_the_new_calls_are_played():
    played = []

    def half(step):
        """It is a half."""
        played.append(step)
        return 0.5

    answers = in_process({"cosine_lr": lambda step: 0.5})
    diagnosis = Diagnosis(answers, {"cosine_lr": reference(half)})
    for step in range(3):
        answers.cosine_lr(step)
        assert diagnosis.mistake("cosine_lr").slug == "half"
    assert played == [0, 1, 2]


def test_a_check_that_writes_into_a_result_leaves_the_record_alone():
    def add_one(w):
        """It writes into what it was given."""
        w += 1
        return w

    answers = in_process({"cosine_lr": add_one})
    w = np.zeros(2)
    for _ in range(3):
        w = answers.cosine_lr(w)
    values = [call.outcome.value.tolist() for call in answers.calls]
    assert values == [[1, 1], [2, 2], [3, 3]]
    assert of(answers, reference(add_one)).slug == "add_one"


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
    def candidate():
        """It does the same."""
        return theirs

    answers = in_process({"cosine_lr": lambda: mine})
    answers.cosine_lr()
    assert (of(answers, reference(candidate)) is not None) is same


def test_objects_are_told_apart_by_what_they_do():
    class Counter:
        """It counts."""

        __module__ = "answers"

        def __init__(self):
            self.n = 0

        def step(self):
            self.n += 1

    class Twice(Counter):
        """It counts twice."""

        __module__ = "answers"

        def step(self):
            self.n += 2

    answers = in_process({"cosine_lr": Twice})
    counter = answers.cosine_lr()
    counter.step()
    assert counter.n == 2
    assert of(answers, reference(Counter, Twice)).slug == "Twice"


def test_a_mistake_of_a_class_is_a_class(cosine_lr):
    known = references(EXERCISES[-1])["CyclicSchedule"].known
    wrong = next(mistake for mistake in known if mistake.slug == "never_cycles")
    assert inspect.isclass(wrong.function)
    assert wrong.name == "CyclicSchedule__never_cycles"
    assert wrong.sentence.startswith("Your rates stand at the upper bound")
    schedule = wrong.function([1.0], [5.0], 2)
    assert schedule.lrs() == [5.0]


def test_what_says_something_about_the_notebook_only_is_not_named():
    def half(step):
        """It is a half."""
        return 0.5

    answers = in_process({"cosine_lr": half})
    with pytest.raises(AnswerRaised, match="not possible"):
        answers.cosine_lr(1, 2, 3)
    assert of(answers, reference(half)) is None


def called(function):
    """Return answers whose `cosine_lr` was asked for the rate of seven updates."""
    answers = in_process({"cosine_lr": function})
    for step in (0, 1, 25, 50, 75, 100, 150):
        try:
            answers.cosine_lr(step, **MAX_LR)
        except AnswerRaised:
            continue
    return answers


def of(answers, reference):
    """Return the mistake that is found behind the calls of `cosine_lr`."""
    return Diagnosis(answers, {"cosine_lr": reference}).mistake("cosine_lr")


def reference(*mistakes):
    """Return a reference that nothing agrees with, with these known mistakes."""
    declared = Mistakes(see="Cosine")
    for mistake in mistakes:
        declared.written_out()(mistake)
    source = "def cosine_lr(*values, **settings):\n    return 'right'"
    names = {}
    exec(source, names)
    return Reference("cosine_lr", source, names, declared=declared)
