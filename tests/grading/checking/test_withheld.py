"""What is left of a failed hidden check where its settings stay hidden."""

import pytest

from lrcourse.grading.answers.errors import AnswerRaised
from lrcourse.grading.checking.withheld import without_settings
from lrcourse.grading.verdict import Verdict

FAILED = Verdict(
    exercise="01_x",
    answer="half",
    test="test_half",
    points=2,
    outcome="failed",
    sentence="any number",
    detail="got 0.37, expected 0.74",
    call="half(1.48) gave 0.37",
    hidden=True,
)
NAMED = {
    "sentence": "Each of your results is 0.37 times …",
    "chapter": "",
    "heading": "",
}


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (AssertionError("any number\nassert got 0.37"), "any number"),
        (AssertionError("assert 0.37 == 0.74"), "half is not right for settings that"),
        (
            AnswerRaised("ValueError", "half(1.48) raised 0.37"),
            "half raised ValueError",
        ),
        (AnswerRaised("x0_37", "half(1.48) raised"), "half raised an exception for"),
        (
            AnswerRaised("TimedOut", "half(1.48) computed"),
            "half: it did not return for",
        ),
        (AnswerRaised("WrongSignature", "half(1.48)"), "half: restore its first line"),
        (TypeError("float 1.48"), "the check cannot use what half returned for"),
    ],
)
def test_the_kind_is_said_and_no_number(error, sentence):
    found = without_settings(FAILED, error)
    assert found.sentence.startswith(sentence)
    assert (found.detail, found.call) == ("", "")
    assert not [number for number in ("0.37", "0_37", "1.48") if number in str(found)]
    assert (found.outcome, found.points, found.test) == ("failed", 2, "test_half")


def test_a_mistake_read_off_the_values_is_not_named_and_a_known_one_is():
    for name, kept in (("half__by_its_values", False), ("half__halves_twice", True)):
        mistake = NAMED | {"name": name}
        failed = Verdict(**FAILED.as_dict() | {"mistake": mistake})
        passed = Verdict(**failed.as_dict() | {"outcome": "passed"})
        for verdict, error in ((failed, AssertionError("x\nassert y")), (passed, None)):
            found = without_settings(verdict, error)
            assert (found.mistake == mistake) is kept
            assert found.outcome == verdict.outcome
