"""The line that is left blank: which one, and that the rest is the solution."""

import ast
import difflib
import inspect
import textwrap

import pytest

from lrcourse.grading.mistakes.blank import BLANK, SAID, blanked
from lrcourse.grading.mistakes.known import Edit, Mistakes
from lrcourse.grading.solution import solution_of
from tests.course.test_exercises import each_answer, references

SOURCE = '''import math

def f(x, n):
    """Return it."""
    y = (
        x + 1  # the first
    )
    if y > n:  # too far
        y = n
    return y
'''


def shown(exercise, name):
    source = solution_of(exercise.solution, name)["source"]
    return source, blanked(source, name, exercise.check(name).MISTAKES)


@each_answer
def test_one_line_is_blank_and_put_back_it_is_the_solution(exercise, name):
    source, text = shown(exercise, name)
    ast.parse(text)  # ____ is a name for Python, and the rest is a comment
    (line,) = [each for each in text.splitlines() if BLANK in each]
    assert line.count(BLANK) == 1
    assert line.endswith(f"  {SAID}")
    right, own = source.splitlines(), text.splitlines()
    place, below = own.index(line), len(own) - own.index(line) - 1
    put_back = [*own[:place], *right[place : len(right) - below], *own[place + 1 :]]
    assert "\n".join(put_back) == source
    assert right[:place] == own[:place]


@each_answer
def test_it_is_the_line_that_most_known_mistakes_change(exercise, name):
    """Counted from the text: which lines differ, where ruff leaves one a statement."""
    source, text = shown(exercise, name)
    reference = references(exercise)[name]
    lines = heads(reference.source)
    counts = dict.fromkeys(lines, 0)
    for slug, mistake in reference.declared.by_slug.items():
        if isinstance(mistake, Edit):
            twin = heads(reference.twin(slug, mistake))
        else:
            twin = heads(textwrap.dedent(inspect.getsource(mistake.twin)))
        found = difflib.ndiff(lines, twin)
        gone = {line[2:] for line in found if line.startswith("- ")} - {*twin}
        for line in gone:
            counts[line] += 1
    (left,) = [line for line in heads(source) if line not in heads(text)]
    most = max(counts.values())
    assert most > 0
    assert left == next(line for line in lines if counts[line] == most)


def heads(source):
    """Return a definition's lines as Python writes them, but what is never blank."""
    (definition,) = [
        each
        for each in ast.parse(source).body
        if isinstance(each, ast.FunctionDef | ast.ClassDef)
    ]
    for node in ast.walk(definition):
        body = getattr(node, "body", None)
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node):
            body[:1] = [] if len(body) > 1 else [ast.Pass()]
    written = [line.strip() for line in ast.unparse(definition).splitlines()[1:]]
    return [
        line
        for line in written
        if line
        and not line.startswith(("def ", "class ", "else:", "@"))
        and not (line.startswith("return ") and line[7:].isidentifier())
    ]


def test_of_lines_that_are_changed_as_often_the_first_is_blank():
    none = Mistakes(see="")
    assert blanked(SOURCE, "f", none) == SOURCE.replace(
        "y = (\n        x + 1  # the first\n    )", f"y = {BLANK}  {SAID}"
    )


def test_a_condition_keeps_its_word_and_loses_its_comment():
    wrong = Mistakes(see="", w=Edit("Wrong.", {"y > n": "y < n"}))
    assert f"    if {BLANK}:  {SAID}\n        y = n\n" in blanked(SOURCE, "f", wrong)


def test_a_name_is_returned_blank_only_where_nothing_else_stands():
    wrong = Mistakes(see="", w=Edit("Wrong.", {"return y": "return x"}))
    assert "    return y\n" in blanked(SOURCE, "f", wrong)
    alone = "def f(x):\n    return x"
    assert blanked(alone, "f", Mistakes(see="")).endswith(f"return {BLANK}  {SAID}")


def test_an_edit_that_fits_no_longer_is_passed_over():
    stale = Mistakes(see="", w=Edit("Wrong.", {"not there": "x"}))
    assert blanked(SOURCE, "f", stale) == blanked(SOURCE, "f", Mistakes(see=""))


def test_what_it_does_not_define_is_refused():
    with pytest.raises(ValueError, match="does not define g"):
        blanked(SOURCE, "g", Mistakes(see=""))
    with pytest.raises(ValueError, match="nothing stands in f"):
        blanked('def f():\n    """It."""', "f", Mistakes(see=""))
