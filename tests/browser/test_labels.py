"""The names of curves lie on no curve."""

import json
import math

import pytest

from lrcourse import figure
from tests import ROOT
from tests.browser.figures import FIGURES

# names whose letters a drawn curve comes closer to than a pixel, with that curve
CROSSED = """(figure, pale) => [...figure.shadowRoot.querySelectorAll('.views svg svg')]
  .flatMap(plot => { const curves = [...plot.querySelectorAll('path.curve')]
      .filter(path => pale || !path.classList.contains('pale'));
    return [...plot.querySelectorAll('text')].filter(text => text.textContent)
      .flatMap(text => { const b = text.getBBox();
        return curves.filter(path => { const length = path.getTotalLength();
          for (let at = 0; at <= length; at += 1) {
            const { x, y } = path.getPointAtLength(at);
            if (x > b.x - 1 && x < b.x + b.width + 1 && y > b.y && y < b.y + b.height)
              return true;
          } return false; })
          .map(path => `${text.textContent} on ${path.classList}`); }); })"""
X = [float(x) for x in range(61)]


def hill():
    """The recorded figure of the book's first page, as it is stored."""
    intro = json.loads((ROOT / "book/intro.ipynb").read_text(encoding="utf-8"))
    pages = [
        "".join(output["data"]["text/html"])
        for cell in intro["cells"]
        for output in cell.get("outputs", [])
        if "text/html" in output.get("data", {})
    ]
    return next(page for page in pages if 'id="hill-start"' in page)


def card(yours, expected):
    """The curve of an exercise's card."""
    curves = {"yours": [yours(x) for x in X], "expected": [expected(x) for x in X]}
    return figure.curves_figure(curves, X, "step", "learning rate")


CARDS = {
    "falls": (lambda x: 1 - x / 60, lambda x: (1 + math.cos(math.pi * x / 60)) / 2),
    "stays high": (lambda x: 1.0, lambda x: 1 - x / 60),
    "climbs": (lambda x: x / 60, lambda x: 1.0),
    "returns": (lambda x: math.cos(x / 10) ** 2, lambda x: 1 - x / 60),
    "is no number": (lambda x: None if x > 20 else 1.0, lambda x: 1.0),
}


@pytest.mark.parametrize("curves", CARDS.values(), ids=CARDS)
def test_the_names_on_a_card_lie_on_neither_curve(curves, show):
    page = show(card(*curves))
    assert page.locator("lr-figure").evaluate(CROSSED, False) == []
    assert page.wrong == []


def test_the_name_of_what_is_compared_lies_on_no_curve(show):
    page = show(hill())
    shown = page.locator("lr-figure")
    for mark in shown.evaluate("figure => figure.spec.states"):
        shown.evaluate("(figure, state) => figure.set(state)", mark["state"])
        assert shown.evaluate(CROSSED, True) == [], mark
    names = page.locator("lr-figure text.small").all_text_contents()
    assert any(names)


@pytest.mark.parametrize("kind", FIGURES)
def test_a_name_stands_on_no_strong_curve_of_any_figure(kind, show):
    page = show(FIGURES[kind]())
    assert page.locator("lr-figure").first.evaluate(CROSSED, False) == []
