"""A cell as IPython runs it, made into plain Python."""

import ast

import pytest

from lrcourse.grading.notebook import python_source


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("!pip list | \\\n  grep numpy\nx = 1", {"x"}),
        ("%time x = 1\ny = 2", {"x", "y"}),
        ("%timeit -n 3 f()\nx = 1", {"x"}),
        ("%run other.py\nx = 1", {"x"}),
        ("files = !ls\nx = 1", {"files", "x"}),
        ("%%writefile helper.py\nx = 1", set()),
        ("%%time\nx = 1", {"x"}),
        ("def f():\n    %time x = 1\n    return x", {"f"}),
    ],
)
def test_what_a_cell_defines_survives_its_magic_lines(source, names):
    found = {}
    exec(compile(ast.parse(python_source(source)), "cell", "exec"), found)
    assert found.keys() - {"__builtins__"} == names
