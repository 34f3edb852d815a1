"""Questions from earlier chapters: each can be answered, each mistake is named."""

import functools
import inspect
import math
from collections import Counter

import pytest

from lrcourse.grading.checking.questions import alike
from lrcourse.grading.checking.recalled import require_its_value
from lrcourse.grading.mistakes.in_process import checks_of, in_process
from lrcourse.grading.recalls import LAST, offered
from lrcourse.grading.verdict import PartlyRight
from tests.course.test_exercises import EXERCISES, headings
from tests.course.test_kinds import written

NUMBERS = range(1, LAST + 1, 20)  # fifty questions
OFFERED = [
    (exercise, index, name)
    for exercise in EXERCISES
    for index, name in enumerate(offered(exercise.folder))
]
each_recall = pytest.mark.parametrize(
    ("exercise", "index"),
    [(exercise, index) for exercise, index, _ in OFFERED],
    ids=[name for _, _, name in OFFERED],
)
ASKED = [(exercise, place) for exercise in EXERCISES for place in exercise.asked]
each_asked = pytest.mark.parametrize(
    ("exercise", "place"), ASKED, ids=[place.name for _, place in ASKED]
)


@functools.cache
def questions(exercise, index):
    """Return fifty questions by their numbers."""
    recall = exercise.recall(index)
    return {number: recall.question(number) for number in NUMBERS}


def said_of(number, question, value):
    """Return what is said of a value, "" if it is right, and the named mistake."""
    try:
        require_its_value(number, question, value)
    except PartlyRight as error:
        return str(error), error.mistake
    return "", None


@each_recall
def test_the_right_value_is_right_exact_or_rounded(exercise, index):
    for number, question in questions(exercise, index).items():
        value = question.value
        assert said_of(number, question, value) == ("", None)
        if isinstance(value, float):
            rounded = float(f"{value:.{question.digits}g}")
            assert said_of(number, question, rounded) == ("", None)


@each_recall
def test_each_mistake_that_gives_another_value_is_named(exercise, index):
    """How often each shows stands in the report of a failure, or with ``pytest -s``."""
    shows = Counter()
    for number, question in questions(exercise, index).items():
        for mistake, value in question.mistaken:
            if not (isinstance(value, int | float) and math.isfinite(value)):
                continue
            shows[mistake.slug] += 1
            sentence, named = said_of(number, question, value)
            assert sentence.startswith(f"question {number}: ")
            same = [m for m, v in question.mistaken if alike(value, v, 3)]
            assert named["name"].startswith(f"{mistake.answer}__{same[0].slug}")
            assert named["heading"] in headings(exercise)
    print(f"\n{offered(exercise.folder)[index]}: {dict(shows)}")
    always = [slug for slug, times in shows.items() if times == len(NUMBERS)]
    assert len(always) >= 3


@each_recall
def test_no_mistake_gives_a_value_that_is_taken_for_the_right_one(exercise, index):
    """It gives the right one in full, or one that no rounding hides."""
    for question in questions(exercise, index).values():
        assert not [m.slug for m, v in question.mistaken if question.is_right(v)]


@each_recall
def test_a_second_look_is_a_new_question_and_the_same_number_the_same(exercise, index):
    asked = questions(exercise, index)
    texts = [question.text for question in asked.values()]
    again = exercise.recall(index)
    assert texts[:5] == [again.question(number).text for number in NUMBERS[:5]]
    assert len({*texts}) >= 10


@each_recall
def test_no_value_answers_many_questions(exercise, index):
    """So that whoever has one value by heart has to work out the next."""
    asked = questions(exercise, index).values()
    for question in asked:
        held = sum(each.is_right(question.value) for each in asked)
        assert held <= len(NUMBERS) // 4


@each_recall
def test_a_question_says_all_that_it_is_about(exercise, index):
    recall, question = exercise.recall(index), questions(exercise, index)[1]
    assert question.text.endswith("?")
    assert "{" not in question.text
    own = inspect.signature(recall._reference.function).parameters
    assert question.arguments.keys() <= own.keys()
    shown = [
        name for name in question.arguments if f"{{{name}}}" in recall.recall.question
    ]
    assert shown == list(question.arguments)


@each_asked
def test_what_is_asked_is_what_the_solution_answers(exercise, place):
    number, value = written(exercise)[place.name]()
    recall = exercise.kind(place.name)
    assert recall.question(number).is_right(value)
    answers = in_process({place.name: lambda: (number, value)})
    own = checks_of(exercise)[place.name]
    assert not dict(own.failing(own.all, answers))
