"""Answers of a kind of their own: what little they hold, and that it can be done."""

import functools
import itertools
import json

import numpy as np
import pytest

from benchmarks import cycle_runs
from lrcourse.grading.checking.cases import Judge, TellsApart
from lrcourse.grading.checking.given import outcome
from lrcourse.grading.mistakes.in_process import checks_of, in_process
from lrcourse.grading.mistakes.references import references
from lrcourse.grading.notebook import MODULE, read_cells
from lrcourse.grading.solution import solution_of
from lrcourse.grading.verdict import PartlyRight
from lrcourse.measure import paired_difference
from tests.course.test_exercises import ALL, headings, points_of

SMALL = [(exercise, name) for exercise, name in ALL if exercise.kind(name)]
WRITTEN = [each for each in SMALL if each[0].kind(each[1]).kind != "recall"]
CASES = [each for each in SMALL if each[0].kind(each[1]).kind == "cases"]
each_small = pytest.mark.parametrize(
    ("exercise", "name"), SMALL, ids=[name for _, name in SMALL]
)
each_written = pytest.mark.parametrize(
    ("exercise", "name"), WRITTEN, ids=[name for _, name in WRITTEN]
)
each_cases = pytest.mark.parametrize(
    ("exercise", "name"), CASES, ids=[name for _, name in CASES]
)
CLAIMS = [each for each in SMALL if each[0].kind(each[1]).kind == "claims"]
each_claims = pytest.mark.parametrize(
    ("exercise", "name"), CLAIMS, ids=[name for _, name in CLAIMS]
)
BOWLS = [
    ([[a, b], [b, d]],)
    for a, b, d in itertools.product((1.0, 2.0, 5.0), (0.0, 2.0), (1.0, 2.0, 5.0))
    if a * d > b * b
]
LOGITS = [[0.0, 50.0], [50.0, 1.0], [2000.0, 0.0], [-2000.0, 0.0], [1.0, -1.0]]
YES_OR_NO = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]
HAND_SIZED = {
    "binary_cross_entropy": [
        *itertools.product(
            *([[[a], [b]] for a, b in of] for of in (LOGITS, YES_OR_NO))
        ),
        *itertools.product(*([[[a, b]] for a, b in of] for of in (LOGITS, YES_OR_NO))),
    ],
    "max_stable_lr": BOWLS,
    "cosine_lr": itertools.product((0, 1, 2, 3), (2.0,), (2, 3), (0.0, 0.5)),
    "effective_lr": itertools.product((0.1, 1.0), (0.0, 0.5, 0.9)),
    "updates_per_run": itertools.product((8, 9, 10), (4,), (1, 2, 3)),
    "init_std": itertools.product(("relu", "tanh", "sigmoid"), (2, 8), (2, 6, 24)),
    "total_movement": itertools.product((1.0, 2.0), (0.5, 1.0), (1, 2, 3), (1, 2)),
    "triangular_lr": itertools.product(range(10), (0.0, 1.0), (5.0,), (4,)),
}


@functools.cache
def written(exercise):
    """Return what the solution notebook defines."""
    names = {"__name__": MODULE}
    for cell in read_cells(exercise.solution):
        exec(cell.source.replace("check(", "str(").replace("ask(", "str("), names)
    return names


def failing(exercise, name, value):
    """Return what the tests of an answer say that returns `value`."""
    answers = in_process({name: lambda: value})
    own = checks_of(exercise)[name]
    return own, dict(own.failing(own.all, answers))


@each_written
def test_a_check_file_says_what_it_is_about(exercise, name):
    doc = exercise.check(name).__doc__
    start = f"{name}, chapter {exercise.slug[:2]}: "
    assert doc.startswith(start)
    assert doc.splitlines()[0].removeprefix(start).removesuffix(".") in headings(
        exercise
    )


@each_small
def test_what_is_no_work_earns_no_point(exercise, name):
    for value in (None, 0, 1.0, "", [], (), {}, [[]], [()], [((), 0)], {"?"}):
        own, said = failing(exercise, name, value)
        assert all(not points_of(t) or t.__name__ in said for t in own.all), value
        assert not any(getattr(each, "share", 0) for each in said.values()), value


@each_cases
def test_it_stands_before_the_answer_that_it_tells_apart(exercise, name):
    answers = exercise.answers
    assert answers.index(name) + 1 == answers.index(exercise.kind(name).answer)


@each_cases
def test_two_cases_suffice_and_the_first_alone_leaves_a_mistake(exercise, name):
    cases = written(exercise)[name]()
    assert len(cases) == 2
    assert not failing(exercise, name, cases)[1]
    _, said = failing(exercise, name, cases[:1])
    (left,) = said.values()
    assert isinstance(left, PartlyRight)
    assert 0 < left.share < 1


@each_cases
def test_of_hand_sized_cases_some_pair_catches_all_and_some_case_does_not(
    exercise, name
):
    """The table stands in the report of a failure, or with ``pytest -s``."""
    kind = exercise.kind(name)
    assert isinstance(kind, TellsApart)
    judge = Judge(exercise, kind)
    known = judge.reference.known
    caught = []
    for args in HAND_SIZED[kind.answer]:
        _, value = outcome(judge.reference.function, [*map(as_given, args)])
        right, faults = judge.read([(args, value)])
        assert not faults
        caught.append({each.slug for each in known if judge.caught(each, right)})
    pairs = [one | other for one, other in itertools.combinations(caught, 2)]
    both = sum(len(each) == len(known) for each in pairs)
    counts = [len(each) for each in caught]
    print(
        f"\n{kind.answer}: {len(known)} mistakes; one case catches {min(counts)} to "
        f"{max(counts)}; all are caught by {both} of {len(pairs)} pairs, by "
        f"{counts.count(len(known))} of {len(counts)} cases alone"
    )
    assert both
    assert min(counts) < len(known)


def as_given(argument):
    """Return an argument as the reference takes it."""
    return np.array(argument) if isinstance(argument, list) else argument


@each_cases
def test_no_reference_is_made_of_what_has_many_right_answers(exercise, name):
    assert name not in references(exercise)


@each_claims
def test_to_pick_every_claim_earns_no_point(exercise, name):
    _, said = failing(exercise, name, {*exercise.kind(name).claims})
    assert [each.share for each in said.values()] == [0]


@each_claims
def test_some_claims_are_supported_and_every_other_has_its_reason(exercise, name):
    kind = exercise.kind(name)
    assert written(exercise)[name]() == kind.supported
    assert len(kind.claims) >= 6
    assert 2 <= len(kind.supported) <= len(kind.claims) - 2
    reasons = {letter for letter, each in kind.claims.items() if each.reason}
    assert reasons == {*kind.claims} - kind.supported


@each_claims
def test_a_claim_and_its_runs_stand_in_the_question_as_in_the_check(exercise, name):
    kind = exercise.kind(name)
    cells = json.loads(exercise.solution.read_text())["cells"]
    (question,) = [c for c in cells if c["id"] == f"{name}-question"]
    text = "".join(question["source"])
    for letter, claim in kind.claims.items():
        assert f"- **{letter}.** {claim.text}\n" in text
        assert not claim.reason or claim.reason not in text
    assert written(exercise)["runs"] == kind.runs


def test_the_numbers_in_the_discussion_are_those_of_the_runs():
    exercise = next(each for each, name in CLAIMS if name == "supported_by_cycles")
    runs = exercise.kind("supported_by_cycles").runs
    discussion = solution_of(exercise.solution, "supported_by_cycles")["discussion"]
    text = " ".join(discussion.replace("\N{MINUS SIGN}", "-").split())
    for stop in (800, 1200, 2400, 600):
        found = paired_difference(runs["cycles"][stop], runs["linear"][stop])
        numbers = found.mean, *found.interval
        assert f"{numbers[0]:.1f}" in text
        assert "from {1:.1f} to {2:.1f}".format(*numbers) in text
    wins = paired_difference(runs["cycles"][1600], runs["linear"][1600]).wins
    assert (wins, "four pairs are for linear decay and four against" in text) == (4, 1)
    first = {stop: sum(of[:4]) for stop, of in runs["cycles"].items()}
    last = {stop: sum(of[4:]) / 4 for stop, of in runs["cycles"].items()}
    assert max(first, key=first.get) == 2000
    assert round(last[2400] - last[2000], 1) == 0.3


def test_what_is_recorded_of_the_cycles_is_what_they_do():
    again = cycle_runs.recorded(seeds=(12, 19), stops=(400,))
    exercise = next(each for each, name in CLAIMS if name == "supported_by_cycles")
    runs = exercise.kind("supported_by_cycles").runs
    for plan in runs:
        mine = again.loc[plan, 400].to_numpy()
        theirs = [runs[plan][400][0], runs[plan][400][-1]]
        # one curve of a thousand may fall on the other side on another processor
        assert mine == pytest.approx(theirs, abs=0.31)
