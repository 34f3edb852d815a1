import json

import pytest

from lrcourse.authoring import cards, predictions
from lrcourse.prediction import predict, settle

CONTENTS = """root: book/intro
parts:
  - caption: I. Theory
    chapters:
      - file: book/01_first
"""
CARD = """:::::{grid} 1 2

::::{grid-item-card} old title
:link: 01_first
:link-type: doc
A sentence of the author's.
:::{card-footer}
old counts
:::
::::
:::::"""
FIGURE = {"output_type": "execute_result", "data": {"text/html": ["<lr-figure>"]}}
ASKED = {
    "output_type": "execute_result",
    "data": {"text/html": ['<lr-predict data-asks="one">']},
}
SOLVED = "def one(x):\n    ### BEGIN SOLUTION\n    return x\n    ### END SOLUTION"


def notebook(path, *cells):
    path.parent.mkdir(exist_ok=True)
    made = [
        {"cell_type": kind, "source": source.splitlines(True), "outputs": outputs}
        for kind, source, outputs in cells
    ]
    path.write_text(json.dumps({"cells": made}))


@pytest.fixture
def course(tmp_path, monkeypatch):
    (tmp_path / "_toc.yml").write_text(CONTENTS)
    box = "```{admonition} Before you run this\n:class: predict\n\nWhat?\n```"
    code = f"~~~python\n{'x ' * 5000}\n~~~"
    notebook(
        tmp_path / "book/01_first.ipynb",
        ("markdown", f"# 1 · What?\n\n{box}\n\n{code}", []),
        ("markdown", "word " * 1001, []),
        ("code", "figure()", [FIGURE]),
        ("code", "asked", [ASKED]),
    )
    notebook(tmp_path / "solutions/01_first.ipynb", ("code", SOLVED, []))
    intro = ("markdown", CARD, []), ("markdown", "It takes 1 to 2 minutes.", [])
    notebook(tmp_path / "book/intro.ipynb", *intro)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_card_says_what_its_chapter_holds_and_keeps_the_authors_sentence(course):
    stale = "book/intro.ipynb: a card is out of date: run python -m "
    assert cards.problems(course) == [f"{stale}lrcourse.authoring.cards"]
    assert cards.main(["--check"]) == 1
    assert cards.main([]) == 0
    card, sentence = json.loads((course / "book/intro.ipynb").read_text())["cells"]
    assert "".join(card["source"]) == CARD.replace("old title", "1 · What?").replace(
        "old counts",
        "I. Theory · about 10 minutes · 2 predictions, 1 figure that moves, "
        "1 answer to write",
    )
    assert sentence["source"] == ["It takes about 10 minutes."]
    assert cards.problems(course) == []
    assert cards.main(["--check"]) == 0


def test_a_chapter_without_a_card_is_named(course):
    (course / "_toc.yml").write_text(f"{CONTENTS}      - file: book/02_second\n")
    wrong = "book/intro.ipynb must have one card each for ['01_first', '02_second']"
    assert cards.problems(course) == [wrong]


def test_words_of_questions_options_and_reasons_are_read_too():
    asks = predict("words", "Is `it` so?", ["yes", "not at all"])
    told = {"yes": (True, "It <is>."), "not at all": (False, "It is not not.")}
    cells = [
        {"outputs": [{"data": {"text/html": each._repr_html_()}}]}
        for each in (asks, settle("words", told))
    ]
    assert predictions.words(cells) == 3 + 4 + 2 + 4
    assert predictions.words([{"outputs": [FIGURE]}]) == 0
