"""Which notebooks are chapters, and what names one."""

import shutil
import subprocess
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from lrcourse.authoring import toc
from tests import ROOT

CONTENTS = """
format: jb-book
root: book/intro
parts:
  - caption: I
    chapters:
      - file: book/02_late
      - file: book/01_early
      - file: book/words
"""


@pytest.fixture
def course(tmp_path):
    (tmp_path / "book").mkdir()
    (tmp_path / "_toc.yml").write_text(CONTENTS)
    for name in ("intro", "02_late", "01_early", "Untitled"):
        notebook = new_notebook(cells=[new_code_cell("x = 1")])
        nbformat.write(notebook, tmp_path / f"book/{name}.ipynb")
    (tmp_path / "book/words.md").write_text("# Words")
    return tmp_path


def names(course):
    return [chapter.relative_to(course).as_posix() for chapter in toc.chapters(course)]


def test_the_chapters_are_the_notebooks_of_the_contents_in_order(course):
    assert names(course) == [
        "book/intro.ipynb",
        "book/02_late.ipynb",
        "book/01_early.ipynb",
    ]


def test_a_chapter_without_a_notebook_is_a_chapter(course):
    (course / "book/02_late.ipynb").unlink()
    assert "book/02_late.ipynb" in names(course)


def test_the_course_has_chapters():
    assert "06_decay_formulas" in [chapter.stem for chapter in toc.chapters(ROOT)]


@pytest.mark.parametrize("text", ["- a", "root: [", "format: jb-book", ""])
def test_contents_that_cannot_be_read_are_a_sentence(course, text):
    (course / "_toc.yml").write_text(text)
    with pytest.raises(ValueError, match=r"_toc\.yml cannot be read: "):
        toc.chapters(course)


def test_a_folder_without_contents_is_a_sentence(tmp_path):
    with pytest.raises(ValueError, match="run it from the course's top folder"):
        toc.chapters(tmp_path)


@pytest.mark.parametrize(
    "name", ["01", "1", "01_early", "01_early.ipynb", "book/01_early.ipynb"]
)
def test_a_chapter_goes_by_number_name_and_file(course, name):
    found = toc.named(name, toc.chapters(course))
    assert found == course / "book/01_early.ipynb"


def test_a_file_that_exists_is_meant_itself(course):
    draft = course / "book/Untitled.ipynb"
    assert toc.named(str(draft), toc.chapters(course)) == draft


@pytest.mark.parametrize(
    ("name", "nearest"),
    [("01_erly", "01_early"), ("late", "02_late"), ("11", "01_early"), ("x", "")],
)
def test_an_unknown_name_is_told_the_nearest(course, name, nearest):
    with pytest.raises(ValueError, match=f"'{name}': did you mean .*{nearest}"):
        toc.named(name, toc.chapters(course))


def test_a_loose_notebook_is_not_run_as_a_chapter(course):
    shutil.copy(ROOT / "book/conftest.py", course / "book")
    options = "--nbval --collect-only -qq -p nbval -p no:lrcourse -p no:cacheprovider"
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options.split(), "book"],
        cwd=course,
        capture_output=True,
        text=True,
    )
    assert "book/02_late.ipynb" in done.stdout
    assert "Untitled" not in done.stdout
