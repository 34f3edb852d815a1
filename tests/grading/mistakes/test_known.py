"""Known mistakes: edits that fit the reference exactly once, twins written out."""

import pytest

from lrcourse.grading import Edit, Mistakes
from lrcourse.grading.exercise import exercises_in
from lrcourse.grading.mistakes.known import OutOfDate, edited
from lrcourse.grading.mistakes.references import references
from tests.grading.halves import GOOD, write_checks, write_notebook

SOURCE = '''def rate(step, gamma=0.5):
    """Return gamma ** step."""
    ### BEGIN SOLUTION
    share = gamma**step
    return share * 2
    ### END SOLUTION'''
CLASS = '''class Counter:
    """Count from 0."""

    def __init__(self, n=0):
        self.n = n

    def step(self):
        """Count n."""
        self.n += 1'''


def ran(source, **instead):
    names = {}
    exec(edited(source, instead.pop("instead"), "rate, x"), names)
    return names


def test_an_edit_changes_the_body_and_leaves_docstring_and_signature_out():
    assert ran(SOURCE, instead={"gamma**step": "step"})["rate"](3) == 6
    assert ran(SOURCE, instead={"gamma": "0.1"})["rate"](1) == 0.2


def test_several_edits_are_made_at_once_each_in_the_solution_as_it_was():
    exchanged = {"gamma**step": "share * 2", "share * 2": "gamma**step"}
    body = edited(SOURCE, exchanged, "rate, x")
    assert "share = share * 2\n    return gamma**step" in body
    later = {"gamma**step": "gamma ** (step + 1)", " * 2": ""}
    assert ran(SOURCE, instead=later)["rate"](1) == 0.25


def test_a_class_is_edited_below_all_of_its_docstrings():
    wrong = ran(CLASS, instead={"self.n += 1": "self.n += 2"})["Counter"]()
    wrong.step()
    assert wrong.n == 2


def test_a_definition_on_one_line_has_a_body_too():
    assert ran("def rate(x): return x", instead={"x": "2 * x"})["rate"](3) == 6


@pytest.mark.parametrize(("right", "times"), [("math.pi", 0), ("share", 2)])
def test_an_edit_that_does_not_fit_once_is_out_of_date(right, times):
    with pytest.raises(OutOfDate, match=rf"rate, x is .* '{right}' stands {times} "):
        edited(SOURCE, {right: "1"}, "rate, x")


def test_the_error_names_answer_and_mistake(tmp_path):
    write_checks(tmp_path / "exercises" / "checks")
    write_notebook(
        tmp_path / "solutions" / "01_halves.ipynb",
        ["def half(x):\n    return 0.5 * x", GOOD[1]],
    )
    (exercise,) = exercises_in(tmp_path / "exercises" / "checks")
    with pytest.raises(OutOfDate, match="half, divides_twice is out of date: 'x / 2'"):
        _ = references(exercise)["half"].known


def test_a_twin_that_is_written_out_is_known_by_its_name_and_docstring():
    mistakes = Mistakes(see="Cosine", climbs=Edit("You climb.", {"-": "+"}))

    @mistakes.written_out(see="Pitfalls")
    def falls(step):
        """You
        fall."""

    assert list(mistakes.by_slug) == ["climbs", "falls"]
    assert mistakes.by_slug["falls"].sentence == "You fall."
    assert mistakes.by_slug["falls"].see == "Pitfalls"


def test_a_slug_stands_for_one_mistake_and_a_twin_says_something():
    def climbs(step):
        """You climb again."""

    def silent(step): ...

    mistakes = Mistakes(see="Cosine", climbs=Edit("You climb.", {"-": "+"}))
    with pytest.raises(ValueError, match="two mistakes called climbs"):
        mistakes.written_out()(climbs)
    with pytest.raises(ValueError, match="silent needs a docstring"):
        mistakes.written_out()(silent)
    with pytest.raises(TypeError, match="with its brackets"):
        mistakes.written_out(climbs)


def test_without_a_solution_there_is_no_reference(tmp_path):
    write_checks(tmp_path / "exercises" / "checks")
    (exercise,) = exercises_in(tmp_path / "exercises" / "checks")
    assert references(exercise) == {}
