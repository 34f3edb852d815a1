import json

import pytest

from lrcourse.authoring import readme

CONTENTS = """format: jb-book
root: book/intro
parts:
  - caption: I. Theory
    chapters:
      - file: book/01_first
      - file: book/02_second
  - caption: Appendix
    chapters:
      - file: book/bibliography
"""
ONE = "def one(x):\n    ### BEGIN SOLUTION\n    return x\n    ### END SOLUTION"
TWO = "class Two:\n    def f(self):\n        ### BEGIN SOLUTION\n        return 2"
HELPER = "def helper(x):\n    return x"


def notebook(path, *cells):
    path.parent.mkdir(exist_ok=True)
    made = [{"cell_type": kind, "source": [source]} for kind, source in cells]
    path.write_text(json.dumps({"cells": made}))


@pytest.fixture
def course(tmp_path):
    (tmp_path / "_toc.yml").write_text(CONTENTS)
    for slug, heading, solved in (
        ("01_first", "# 1 · What?", [ONE, HELPER]),
        ("02_second", "# Why | not?", [f"{HELPER}\n\n\n{ONE}", TWO]),
    ):
        cells = [("code", "# no heading"), ("markdown", f"{heading}\n\ntext")]
        notebook(tmp_path / "book" / f"{slug}.ipynb", *cells)
        codes = [("code", source) for source in solved]
        notebook(tmp_path / "solutions" / f"{slug}.ipynb", *codes)
    return tmp_path


def test_the_table_has_a_row_for_every_chapter_of_the_contents(course):
    assert readme.table(course).splitlines()[2:] == [
        "| I. Theory | [01 What?](book/01_first.ipynb) "
        "| [1 answer](exercises/01_first.ipynb) |",
        "| I. Theory | [02 Why \\| not?](book/02_second.ipynb) "
        "| [2 answers](exercises/02_second.ipynb) |",
    ]


def test_only_what_stands_between_the_marks_is_written(course, monkeypatch, capsys):
    text = f"# Title\n\n{readme.BEGIN}\n| 8 answers |\n{readme.END}\n\nafter"
    (course / "README.md").write_text(text)
    monkeypatch.chdir(course)
    assert readme.main(["--check"]) == 1
    assert "run python -m lrcourse.authoring.readme" in capsys.readouterr().out
    assert readme.main([]) == readme.main(["--check"]) == 0
    written = (course / "README.md").read_text()
    assert written == readme.updated(written, readme.table(course))
    assert written.startswith("# Title\n\n<!--")
    assert written.endswith("-->\n\nafter")


@pytest.mark.parametrize("text", ["", readme.BEGIN, f"{readme.END}{readme.BEGIN}"])
def test_a_readme_without_its_marks_is_refused(text):
    with pytest.raises(ValueError, match=r"README.md must have the lines <!-- chapt"):
        readme.updated(text, "rows")


def test_a_chapter_without_a_heading_is_refused(tmp_path):
    notebook(tmp_path / "book.ipynb", ("markdown", "## Too low"))
    with pytest.raises(ValueError, match="must have a heading of the first level"):
        readme.title(tmp_path / "book.ipynb")
