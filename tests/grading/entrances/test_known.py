"""A chapter is known when its hardest answers and its recalls hold."""

from lrcourse.grading.exercise import Exercise
from lrcourse.grading.known import Known, known_of
from tests import ROOT

CYCLES = Exercise("13_cyclical", ROOT / "exercises" / "checks")


def test_what_is_missing_is_said():
    nothing = known_of(CYCLES, lambda name: False)
    assert nothing.text == (
        "To have chapter 13 marked as known, solve bounds_from_range_test, "
        "CyclicSchedule and the 3 recalls."
    )
    recalls = {place.name for place in CYCLES.asked}
    half = known_of(CYCLES, lambda name: name in {"CyclicSchedule", *recalls})
    assert half.missing == ("bounds_from_range_test",)
    assert half.text.endswith("known, solve bounds_from_range_test.")
    assert "<code>bounds_from_range_test</code>" in half.html


def test_the_hardest_two_and_the_recalls_suffice():
    wanted = {*CYCLES.proof, *(place.name for place in CYCLES.asked)}
    known = known_of(CYCLES, lambda name: name in wanted)
    assert known.holds
    assert known.text.startswith("Chapter 13 is known")
    assert "✓" in known.html


def test_one_recall_is_one():
    assert Known(6, ("recall_half",)).text.endswith("known, solve the recall.")


def test_an_exercise_that_marks_none_says_nothing(tmp_path):
    folder = tmp_path / "01_halves"
    folder.mkdir()
    (folder / "exercise.py").write_text("FORBIDDEN = ()\n")
    assert known_of(Exercise("01_halves", tmp_path), lambda name: True) is None
