"""Which claims the runs support: reasons for wrong picks, no word of right ones."""

import itertools

import numpy as np
import pytest

from lrcourse.grading.checking.claims import Claim, claims
from lrcourse.grading.mistakes.in_process import in_process
from lrcourse.grading.verdict import PartlyRight, Verdict

ASKED = claims(
    [1, 2, 3],
    {
        "A": Claim("Their sum is 6.", lambda runs: sum(runs) == 6),
        "B": Claim("One is 4.", lambda runs: 4 in runs, "none of them is."),
        "C": Claim("There are three.", lambda runs: len(runs) == 3),
        "D": Claim("They fall.", lambda runs: runs[0] > runs[-1], "one pair is all."),
        "E": Claim(
            "All are odd.", lambda runs: all(n % 2 for n in runs), "two is not."
        ),
    },
)


def said(given):
    """Return what is said of what a learner returned, "" where all is right."""
    (test,) = ASKED.tests(None, "picked").values()
    try:
        test(in_process({"picked": lambda: given}).picked)
    except PartlyRight as error:
        return error
    return ""


@pytest.mark.parametrize("given", [{"A", "C"}, ["C", "A"], ("A", "C", "A")])
def test_the_supported_claims_earn_all_as_a_set_or_a_list(given):
    assert said(given) == ""


def test_a_wrong_pick_gets_its_reason_and_what_is_missing_a_number():
    error = said({"A", "B", "E"})
    assert str(error) == (
        "2 claims are picked and not supported; 1 claim is supported and not picked"
    )
    assert error.reasons == ["B: none of them is.", "E: two is not."]
    assert error.share == 0


def test_of_right_picks_nothing_is_said():
    error = said({"A"})
    assert str(error) == "1 claim is supported and not picked"
    assert error.reasons == []
    assert error.share == 0.5
    assert said({"A", "C", "B"}).share == pytest.approx(2 / 3)


def test_all_none_and_guesses_earn_nothing():
    letters = list(ASKED.claims)
    assert said({*letters}).share == 0
    every = itertools.product([True, False], repeat=len(letters))
    raw = []
    for kept in every:
        picked = {*itertools.compress(letters, kept)}
        raw.append(len(picked & {"A", "C"}) / 2 - len(picked - {"A", "C"}) / 3)
    assert np.mean(raw) == pytest.approx(0)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (None, "it returned None: is a return missing? It should return a set of"),
        (set(), "no claim is picked: at least one is supported"),
        ([], "no claim is picked: at least one is supported"),
        ("AC", 'return a set of letters, as `{"A", "B"}`, not a value of type str'),
        (
            {"A": True},
            'return a set of letters, as `{"A", "B"}`, not a value of type dict',
        ),
        (3, 'return a set of letters, as `{"A", "B"}`, not a value of type int'),
        (
            np.ones(2),
            'return a set of letters, as `{"A", "B"}`, not a value of type nda',
        ),
        (
            frozenset("A"),
            'return a set of letters, as `{"A", "B"}`, not a value of type f',
        ),
        ({"A", "Z"}, "'Z' is no claim: there are A, B, C, D, E"),
        ({"a"}, "'a' is no claim: there are A, B, C, D, E"),
        ([["A"]], "['A'] is no claim: there are A, B, C, D, E"),
        ({1, 2.5}, " is no claim: there are A, B, C, D, E"),
        ([float("nan")], "nan is no claim: there are A, B, C, D, E"),
        (["A"] * 1000 + [len], " is no claim: there are A, B, C, D, E"),
    ],
)
def test_what_is_no_set_of_letters_is_one_sentence_and_earns_nothing(given, sentence):
    error = said(given)
    assert sentence in str(error)
    assert error.share == 0


def test_a_share_of_points_is_counted_in_tenths():
    def earned(points, share):
        verdict = Verdict("e", "a", "t", points, "failed", share=share)
        return verdict.earned

    assert earned(4, 0.5) == 2
    assert earned(3, 9 / 13) == 2.0
    assert earned(1, 0.3) == 0.3
    assert earned(4, 0.0) == 0
