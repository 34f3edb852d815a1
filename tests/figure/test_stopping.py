"""The figure of runs that are stopped on the way, before a page is opened."""

import numpy as np
import pytest
from scipy import stats

from lrcourse.figure import stopping_figure
from lrcourse.figure.numbers import short
from lrcourse.schedules import constant, linear

STOPS = (100, 250, 400)
SCHEDULES = {
    "constant": constant(0.1),
    "linear": linear(0.2, 400),
    "ours": constant(1.0),
}
SCORES = {
    "constant": np.array([[10.0, 20.0, 30.0], [12.0, 20.0, 36.0], [11.0, 23.0, 33.0]]),
    "linear": np.array([[5.0, 25.0, 50.0], [6.0, 24.0, 54.0], [5.0, 29.0, 55.0]]),
    "ours": np.array([[11.0, 20.0, 41.0], [11.0, 21.0, 40.0], [14.0, 21.0, 41.0]]),
}


def stopping(scores=SCORES, schedules=SCHEDULES, against="ours", **settings):
    start = settings.pop("start", {"rival": "linear", "stop": 250})
    return stopping_figure(
        scores, schedules, against=against, stops=STOPS, start=start, **settings
    )


def test_it_says_the_means_and_the_paired_interval_at_the_stop():
    said = repr(stopping())
    apart = SCORES["linear"][:, 1] - SCORES["ours"][:, 1]
    low, high = stats.ttest_1samp(apart, 0.0).confidence_interval(0.95)
    assert said.startswith("Stopped after 250 updates: linear at 26, ours at 20.7.")
    assert f"difference is {short(apart.mean())}, its 95 % interval" in said
    assert said.endswith(f" from {short(low)} to {short(high)}.")


def test_every_rival_and_every_stop_has_its_own_sentence():
    said = {
        repr(stopping(start={"rival": rival, "stop": stop}))
        for rival in ("constant", "linear")
        for stop in STOPS
    }
    assert len(said) == 6


def test_the_plan_that_is_compared_is_no_rival_of_its_own():
    rival, stop = stopping().controls
    assert rival.values == ("constant", "linear")
    assert stop.values == STOPS


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"schedules": {"ours": constant(1.0)}}, "schedules must have one for"),
        ({"against": "mine"}, "against must be one of several plans, got 'mine'"),
        ({"scores": {"ours": SCORES["ours"]}}, "against must be one of several"),
        ({"scores": SCORES | {"linear": np.ones((3, 2))}}, r"shape \(seeds, 3\)"),
        ({"scores": SCORES | {"linear": np.ones((4, 3))}}, "as many seeds in all"),
        ({"scores": {n: s[:1] for n, s in SCORES.items()}}, "two at least"),
        ({"scores": SCORES | {"linear": np.ones(3)}}, r"got \(3,\) for 'linear'"),
        (
            {"scores": SCORES | {"linear": SCORES["linear"] * np.nan}},
            "scores must be finite, those of 'linear' are not",
        ),
        ({"start": {"rival": "linear", "stop": 300}}, "stop must be one of 100"),
    ],
)
def test_what_cannot_be_compared_is_refused(changed, message):
    with pytest.raises(ValueError, match=message):
        stopping(**changed)
