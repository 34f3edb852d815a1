"""A new version of a notebook keeps everything that a learner wrote in the old one."""

import copy
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrcourse.learner.merge import is_edited, merge, stamped
from tests import ROOT


def cell(name, source, kind="code"):
    made = {"cell_type": kind, "id": name, "metadata": {}, "source": source}
    return made | ({"outputs": [], "execution_count": None} if kind == "code" else {})


def notebook(*cells):
    return {"cells": [*cells], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


OLD = notebook(
    cell("title", "# One", "markdown"),
    cell("f-question", "What is f?", "markdown"),
    cell("f-answer", "def f(x):\n    raise NotImplementedError"),
    cell("f-check", 'check("f")'),
    cell("g-answer", "def g(x):\n    raise NotImplementedError"),
)


def changed(made, **sources):
    made = copy.deepcopy(made)
    for each in made["cells"]:
        each["source"] = sources.get(each["id"].replace("-", "_"), each["source"])
    return made


def sources(made):
    return ["".join(each["source"]) for each in made["cells"]]


def test_what_the_learner_has_not_touched_is_the_courses():
    new = changed(OLD, f_question="What is f, exactly?")
    found = merge(stamped(OLD), new)
    assert sources(found.notebook) == sources(new)
    assert found.unmerged == ()
    assert not is_edited(found.notebook)


def test_an_answer_stays_and_its_new_question_comes():
    theirs = changed(stamped(OLD), f_answer="def f(x):\n    return x")
    found = merge(theirs, changed(OLD, f_question="What is f, exactly?"))
    assert sources(found.notebook)[1:3] == [
        "What is f, exactly?",
        "def f(x):\n    return x",
    ]
    assert found.unmerged == ()
    assert is_edited(found.notebook)


def test_where_both_have_changed_a_cell_the_learners_runs_and_it_is_named():
    theirs = changed(stamped(OLD), f_answer="def f(x):\n    return x")
    found = merge(theirs, changed(OLD, f_answer="def f(x, y):\n    raise"))
    assert found.unmerged == ("f-answer",)
    kinds = [each["cell_type"] for each in found.notebook["cells"][2:4]]
    assert kinds == ["code", "markdown"]
    assert "def f(x, y)" in sources(found.notebook)[3]
    assert "return x" in sources(found.notebook)[2]


def test_the_second_update_knows_what_the_first_has_brought():
    theirs = changed(stamped(OLD), f_answer="def f(x):\n    return x")
    new = changed(OLD, f_question="What is f, exactly?")
    once = merge(theirs, new)
    assert merge(once.notebook, new).notebook == once.notebook


def test_cells_of_the_learners_own_keep_their_places():
    theirs = stamped(OLD)
    theirs["cells"].insert(3, cell("a1", "f(2)"))
    theirs["cells"].insert(0, cell("a2", "mine", "markdown"))
    found = merge(theirs, changed(OLD, title="# First"))
    assert sources(found.notebook)[:2] == ["mine", "# First"]
    assert sources(found.notebook)[4] == "f(2)"


def test_a_changed_answer_that_the_course_drops_stays():
    theirs = changed(stamped(OLD), f_answer="def f(x):\n    return x")
    new = notebook(*(each for each in OLD["cells"] if "f-" not in each["id"]))
    found = merge(theirs, new)
    assert sources(found.notebook) == [
        "# One",
        "def f(x):\n    return x",
        "def g(x):\n    raise NotImplementedError",
    ]


def test_no_new_stub_comes_behind_an_answer_in_a_cell_of_the_learners_own():
    theirs = stamped(OLD)
    theirs["cells"][2] = cell("a1", "def f(x):\n    return x")
    found = merge(theirs, changed(OLD, f_answer="def f(x, y):\n    raise"))
    assert found.unmerged == ("f-answer",)
    code = [s for s in found.notebook["cells"] if s["cell_type"] == "code"]
    assert [s["source"] for s in code if "def f" in s["source"]] == [
        "def f(x):\n    return x"
    ]


def test_without_ids_cells_are_told_by_text_and_place():
    theirs = changed(stamped(OLD), f_answer="def f(x):\n    return x")
    for each in theirs["cells"]:
        del each["id"]
    new = changed(OLD, f_question="What is f, exactly?")
    found = merge(theirs, new)
    assert sources(found.notebook) == [
        *sources(new)[:2],
        "def f(x):\n    return x",
        *sources(new)[3:],
    ]


TEXTS = st.text("abc \n\"'\u00e9\u5b66", min_size=1, max_size=20)
NAMES = [f"c{number}" for number in range(6)]


@st.composite
def works(draw):
    """Draw an old notebook, a learner's work in it, and a new version of it."""
    old = notebook(*(cell(n, f"{n} = {draw(TEXTS)!r}") for n in NAMES))
    theirs, written = stamped(old), []
    for number, text in enumerate(draw(st.lists(TEXTS, min_size=1, max_size=6))):
        text = f"mine {number} {text}"
        place = draw(st.integers(0, len(theirs["cells"]) - 1))
        doing = draw(st.sampled_from(["change", "add", "delete"]))
        if doing == "delete" and "mine" not in theirs["cells"][place]["source"]:
            del theirs["cells"][place]
        elif doing == "add" or "mine" in theirs["cells"][place]["source"]:
            theirs["cells"].insert(place, cell(f"own{number}", text))
            written.append(text)
        else:
            theirs["cells"][place]["source"] = text
            written.append(text)
        if not theirs["cells"]:
            theirs["cells"].append(cell("own", "mine"))
    new = [n for n in draw(st.permutations(NAMES)) if draw(st.booleans())]
    kept = [
        next(c for c in old["cells"] if c["id"] == n)
        if draw(st.booleans())
        else cell(n, f"new {draw(TEXTS)}")
        for n in new
    ]
    if draw(st.booleans()):
        for each in theirs["cells"]:
            del each["id"]
    return theirs, written, notebook(*kept, cell("fresh", "fresh = 1"))


@given(works())
def test_nothing_that_a_learner_wrote_is_ever_gone(work):
    theirs, written, new = work
    before = copy.deepcopy(theirs)
    found = merge(theirs, new).notebook
    assert theirs == before
    texts = sources(found)
    assert [text for text in written if text not in texts] == []
    ids = [each["id"] for each in found["cells"]]
    assert len(ids) == len({*ids})
    assert "fresh = 1" in texts
    again = merge(found, new)
    assert sources(again.notebook) == texts
    assert again.unmerged == ()


@pytest.mark.parametrize(
    "slug", [p.stem for p in sorted(ROOT.glob("exercises/*.ipynb"))]
)
def test_an_exercise_solved_with_the_solution_survives_an_update(slug):
    old = json.loads((ROOT / f"exercises/{slug}.ipynb").read_text("utf-8"))
    solved = json.loads((ROOT / f"solutions/{slug}.ipynb").read_text("utf-8"))
    theirs = stamped(old)
    by_id = {each["id"]: each for each in solved["cells"]}
    for each in theirs["cells"]:
        each["source"] = by_id[each["id"]]["source"]
    new = copy.deepcopy(old)
    for each in new["cells"]:
        if each["cell_type"] == "markdown":
            each["source"] = ["Said anew.\n", *each["source"]]
    found = merge(theirs, new)
    assert found.unmerged == ()
    for each in found.notebook["cells"]:
        expected = by_id[each["id"]]["source"]
        if each["cell_type"] == "code":
            assert each["source"] == expected
