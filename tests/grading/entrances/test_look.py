"""Sentences on a card: code is set as code, and nothing else becomes HTML."""

import pytest

from lrcourse.grading.entrances.card import Card
from lrcourse.grading.entrances.look import worded


@pytest.mark.parametrize(
    ("sentence", "html"),
    [
        ("use `//`, not `%`", "use <code>//</code>, not <code>%</code>"),
        ("a < b & `c < d`", "a &lt; b &amp; <code>c &lt; d</code>"),
        ("one ` alone", "one ` alone"),
        ("``", "``"),
    ],
)
def test_what_stands_between_backticks_is_code(sentence, html):
    assert worded(sentence) == html


def test_no_backtick_is_left_on_a_card():
    said = {"outcome": "failed", "sentence": "is it `x`?", "test": "test_it"}
    said |= {"exercise": "01_x", "answer": "half", "points": 1}
    said |= {"mistake": {"name": "n", "sentence": "`y` it is", "heading": ""}}
    result = {"exercise": "01_x", "answer": "half", "hints": ["try `z`"]}
    html = Card(result | {"verdicts": [said], "curve": None})._repr_html_()
    assert [html.count(f"<code>{name}</code>") for name in "xyz"] == [1, 1, 1]
    assert "`" not in html


def test_after_the_last_hint_come_a_solution_with_a_blank_and_the_whole():
    html = card({"blank": "def half(x):\n    return ____  # left to you"})
    order = [
        "Hint 1 of 1",
        "one line left to you",
        "    <mark>return ____  # left to you</mark>",
        "Reading earns nothing",
        "The whole solution",
        "return x / 2",
        "<em>Why</em>",
        "solutions/01_x.ipynb",
    ]
    places = [html.index(each) for each in order]
    assert places == sorted(places)
    hints, step, whole = (html.index(order[n]) for n in (0, 1, 4))
    assert html[hints:step].count("<details>") == 1  # each within the one before
    assert html[step:whole].count("<details>") == 1
    assert "</details>" not in html[hints:whole]


def test_without_a_solution_that_can_be_read_the_hints_are_the_last_word():
    html = card(None)
    assert "Hint 1 of 1" in html
    assert "solution" not in html


def card(blank):
    """Return the card of a failed answer as HTML."""
    said = {"outcome": "failed", "sentence": "no", "test": "test_it", "points": 1}
    said |= {"exercise": "01_x", "answer": "half"}
    result = {"exercise": "01_x", "answer": "half", "hints": ["try it"]}
    result |= {"verdicts": [said], "curve": None}
    source = {"source": "def half(x):\n    return x / 2", "discussion": "*Why*"}
    result |= {"solution": source | blank if blank else {}}
    return Card(result, notebook="../solutions/01_x.ipynb")._repr_html_()
