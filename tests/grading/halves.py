"""A small exercise for tests: `half` and `double`, with checks, stub and solution."""

import json

FILES = {
    "exercise.py": """
FORBIDDEN = ("lrcourse.schedules",)


def a_few(rng):
    return rng.random(3)
""",
    "test_half.py": """
import pytest

from lrcourse.grading import Curve, Edit, Mistakes, close

from .exercise import a_few

HINTS = ["divide", "by two"]
CURVE = Curve(range(5), call=lambda half, x: half(x), expected=lambda x: x / 2)


def test_half_of_one(half):
    assert close(half(1.0), 0.5), "one half"


@pytest.mark.points(2)
def test_half_of_random_numbers(half, rng):
    for x in a_few(rng):
        assert close(half(x), x / 2), "any number"


MISTAKES = Mistakes(
    see="Pitfalls",
    divides_twice=Edit("You divide twice.", {"x / 2": "x / 4"}),
)
""",
    "test_double.py": """
HINTS = ["multiply"]


def test_double_is_larger(double):
    assert double(3) > 3, "twice as much"
""",
}
GOOD = ["def half(x):\n    return x / 2", "def double(x):\n    return 2 * x"]


def write_checks(checks, slug="01_halves", files=FILES):
    """Write the check folder of an exercise into the folder of all checks."""
    folder = checks / slug
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / name).write_text(text)
    return folder


def write_notebook(path, sources):
    """Write a notebook whose code cells are `sources`."""
    cells = [
        {"cell_type": "code", "metadata": {}, "outputs": [], "source": source}
        | {"execution_count": None, "id": f"c{number}"}
        for number, source in enumerate(sources)
    ]
    path.parent.mkdir(exist_ok=True)
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    document = {"cells": cells, "metadata": {"kernelspec": kernel}}
    document |= {"nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(document))
