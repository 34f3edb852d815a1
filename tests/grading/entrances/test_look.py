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
