"""Exercises are made from solutions, and a learner's work is never overwritten."""

import json

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from lrcourse.authoring import exercises as authoring

ANSWER = """def f(x):
    \"\"\"Return x.\"\"\"
    ### BEGIN SOLUTION
    y = x
    return y
    ### END SOLUTION"""


@pytest.fixture
def folders(tmp_path):
    solutions, exercises = tmp_path / "solutions", tmp_path / "exercises"
    solutions.mkdir()
    exercises.mkdir()
    explained = new_markdown_cell("because", metadata={"tags": ["solution"]})
    cells = [new_markdown_cell("# Title"), new_code_cell(ANSWER), explained]
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    kernel = {"name": "python3", "display_name": "Python 3"}
    made = new_notebook(cells=cells, metadata={"kernelspec": kernel})
    nbformat.write(made, solutions / "01_x.ipynb")
    return solutions, exercises


def edit(path):
    document = json.loads(path.read_text())
    document["cells"][1]["source"] = "def f(x): return 1"
    path.write_text(json.dumps(document))


def test_the_body_becomes_a_line_that_raises(folders):
    text = authoring.exercise_text(folders[0] / "01_x.ipynb")
    code = nbformat.reads(text, as_version=4).cells[1].source
    assert code == 'def f(x):\n    """Return x."""\n    ' + authoring.STUB
    assert "because" not in text


def test_generating_twice_changes_nothing(folders):
    assert "is written" in authoring.generate(*folders)[0]
    before = (folders[1] / "01_x.ipynb").read_bytes()
    assert authoring.generate(*folders) == []
    assert (folders[1] / "01_x.ipynb").read_bytes() == before
    assert authoring.problems(*folders, strict=True) == []


def test_a_learners_work_is_left_alone_and_named(folders):
    authoring.generate(*folders)
    target = folders[1] / "01_x.ipynb"
    edit(target)
    before = target.read_bytes()
    (said,) = authoring.generate(*folders)
    assert "somebody's work" in said
    assert target.read_bytes() == before
    assert authoring.problems(*folders) == []
    assert "is not what" in authoring.problems(*folders, strict=True)[0]


def test_force_keeps_a_copy(folders):
    authoring.generate(*folders)
    target = folders[1] / "01_x.ipynb"
    edit(target)
    before = target.read_bytes()
    authoring.generate(*folders, force=True)
    assert authoring.problems(*folders, strict=True) == []
    assert target.with_suffix(".ipynb.bak").read_bytes() == before


def test_running_a_notebook_is_no_edit(folders):
    authoring.generate(*folders)
    target = folders[1] / "01_x.ipynb"
    document = json.loads(target.read_text())
    document["cells"][1]["execution_count"] = 3
    target.write_text(json.dumps(document))
    assert not authoring.is_edited(target)
    assert "is written" in authoring.generate(*folders)[0]


def test_a_changed_solution_or_a_missing_exercise_is_found(folders):
    assert "is missing" in authoring.problems(*folders)[0]
    authoring.generate(*folders)
    solution = folders[0] / "01_x.ipynb"
    solution.write_text(solution.read_text().replace("# Title", "# Other"))
    assert "is not what" in authoring.problems(*folders)[0]


def test_an_unpaired_marker_is_an_error(folders):
    solution = folders[0] / "01_x.ipynb"
    solution.write_text(solution.read_text().replace("### END SOLUTION", "# end"))
    with pytest.raises(ValueError, match=r"01_x\.ipynb, cell 2"):
        authoring.generate(*folders)


def test_the_command_says_and_exits(folders, capsys):
    places = ["--solutions", str(folders[0]), "--exercises", str(folders[1])]
    assert authoring.main([*places, "--check"]) == 1
    assert authoring.main(places) == 0
    assert authoring.main([*places, "--check", "--strict"]) == 0
    assert "is missing" in capsys.readouterr().out
