"""Every chapter looks like the others."""

import json

import pytest

from tests import ROOT
from tests.course import nothing_forgotten
from tests.course.conventions import broken_conventions

PREDICT = "```{admonition} Before you run this\n:class: predict\n\nWhich?\n```"
ARTICLES = "```{admonition} What the articles say\n:class: articles\n\n*True.*\n```"
CONTENTS = "format: jb-book\nroot: book/intro\nchapters:\n- file: book/06_decay\n"


def folded(words):
    return {
        "tags": ["hide-input"],
        "mystnb": {"code_prompt_show": words},
        "jupyter": {"source_hidden": True},
    }


def text(source):
    return {"cell_type": "markdown", "metadata": {}, "source": source}


def code(source, html="", **metadata):
    outputs = [{"data": {"text/html": html}}] if html else []
    return {
        "cell_type": "code", "metadata": metadata, "source": source, "outputs": outputs
    }  # fmt: skip


GOOD = [
    text("# 6 · One curve\n\nText."),
    code("import math", **folded("Imports")),
    text(PREDICT),
    code("x = 1\nassert x\nx"),
    code("assert x == 1", **folded("The numbers above, checked")),
    text(ARTICLES),
    code("figure()", html="<lr-figure>", **folded("The figure's settings")),
]


@pytest.fixture
def broken(tmp_path):
    """Return a function that says what is wrong with a chapter of these cells."""

    def broken(*cells):
        (tmp_path / "book").mkdir(exist_ok=True)
        (tmp_path / "_toc.yml").write_text(CONTENTS)
        (tmp_path / "book/06_decay.ipynb").write_text(json.dumps({"cells": cells}))
        return broken_conventions(tmp_path)

    return broken


def test_every_chapter_follows_the_conventions_of_a_page():
    nothing_forgotten(broken_conventions(ROOT))


def test_a_page_that_follows_them_is_not_named(broken):
    assert broken(*GOOD) == []
    assert broken(*GOOD, code("x = 1\n\n" * 20)) == []
    assert broken(*GOOD, code("x = 1\n" * 21, **folded("How it is done"))) == []


def test_a_question_to_commit_to_asks_for_a_prediction(broken):
    cell = code("predict()", html="<lr-predict data-asks>", **folded("The question"))
    assert broken(*GOOD[:2], cell, *GOOD[3:]) == []


@pytest.mark.parametrize(
    ("place", "cell", "said"),
    [
        (0, text("# One curve"), "# 6 · …"),
        (0, text("# 7 · One curve"), "# 6 · …"),
        (2, text(f"{PREDICT}\n\n**Before you run this:** which?"), "is a box"),
        (2, text(PREDICT.replace("predict", "note")), ":class: predict"),
        (2, text("No question."), "asks for a prediction"),
        (6, code("predict()", html="<lr-predict data-asks>"), "The question, as code"),
        (6, code("settle()", html="<lr-predict data-settles>"), "The answer, as code"),
        (5, text(ARTICLES.replace("articles\n\n", "note\n\n")), ":class: articles"),
        (1, code("import math\nfrom os import path"), '"Imports"'),
        (4, code("y = x\n\nassert y == 1"), '"The numbers above, checked"'),
        (6, code("figure()", html="<lr-figure>"), "The figure's settings"),
        (1, code("import math", tags=["hide-input"]), '"Imports"'),
        (3, code("x = 1\n" * 21), "21 lines, more than 20"),
        (3, code(f"x = {'1' * 75}"), "longer than 78 columns"),
    ],
)
def test_what_a_page_does_otherwise_is_named(place, cell, said, broken):
    cells = [*GOOD[:place], cell, *GOOD[place + 1 :]]
    assert said in "\n".join(broken(*cells))
