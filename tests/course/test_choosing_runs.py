"""Chapter 05: its recorded runs, what is said of them, and its recipe."""

import json
import math
import re

import pytest

from benchmarks import choosing_runs
from lrcourse.grading.exercise import Exercise
from lrcourse.measure import paired_difference
from tests import ROOT

ANSWER = "supported_by_search"


@pytest.fixture(scope="module")
def runs():
    exercise = Exercise("05_choosing", ROOT / "exercises" / "checks")
    return exercise.kind(ANSWER).runs


def cell(path, name):
    cells = json.loads((ROOT / path).read_text("utf-8"))["cells"]
    (found,) = ["".join(each["source"]) for each in cells if each["id"] == name]
    return found


def test_what_is_recorded_of_the_search_is_what_it_does(runs):
    again = choosing_runs.recorded(seeds=(16, 23), epochs=(2,))
    for (part, epochs, lr), row in again.iterrows():
        recorded = runs[part][epochs][lr]
        # one curve of a thousand may fall on the other side on another processor
        assert [*row] == pytest.approx([recorded[0], recorded[-1]], abs=0.31)


def test_the_numbers_in_the_discussion_are_those_of_the_runs(runs):
    discussion = cell("solutions/05_choosing.ipynb", f"{ANSWER}-discussion")
    text = " ".join(discussion.replace("\N{MINUS SIGN}", "-").split())
    tuning, test = runs["tuning"], runs["test"]
    pairs = [
        (tuning[2][0.16], tuning[2][0.08]),
        (test[8][0.08], test[8][0.02]),
        (tuning[8][0.08], tuning[8][0.16]),
        (chosen_by_seed(tuning[8], test[8]), test[8][0.08]),
    ]
    for pair in pairs:
        found = paired_difference(*pair)
        assert (
            "{:.1f}, from {:.1f} to {:.1f}".format(found.mean, *found.interval) in text
        )
    assert f"have {sum(test[8][0.08][:-1]) / 7:.1f} on the test curves" in text


def chosen_by_seed(tuning, test):
    seeds = range(8)
    picks = [max(tuning, key=lambda lr: tuning[lr][seed]) for seed in seeds]
    return [test[lr][seed] for seed, lr in zip(seeds, picks, strict=True)]


@pytest.fixture(scope="module")
def search():
    text = "\n".join(
        "".join(each["source"])
        for each in json.loads((ROOT / "book/05_choosing.ipynb").read_text("utf-8"))[
            "cells"
        ]
    )
    names = {}
    exec(re.search(r"~~~python\n(.*?)~~~", text, re.DOTALL)[1], names)
    return names["search"]


def test_the_recipe_goes_on_until_the_best_is_inside(search):
    def score(lr, seed):
        if lr > 2:
            return -math.inf
        return -abs(math.log(lr / 0.5)) + (seed - 1) / 100

    for first in ([0.001, 0.003], [30.0, 90.0, 270.0]):
        lr, means = search(score, first)
        assert min(means) < lr < max(means)
        assert 0.5 / 3 <= lr <= 0.5 * 3


def test_the_recipe_says_when_it_finds_no_end(search):
    with pytest.raises(ValueError, match="no best rate inside"):
        search(lambda lr, seed: lr, [0.1, 0.2])
