"""Links begin where the notebook lies: in the exercises, or beside their folder."""

import pytest

from lrcourse.grading.entrances.place import Whereabouts


@pytest.fixture
def root(tmp_path):
    for path in ("exercises/01.ipynb", "book/01.ipynb", "START.ipynb"):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).touch()
    return tmp_path


@pytest.mark.parametrize(
    ("folder", "up", "book", "exercise"),
    [
        ("exercises", "../", "../book/01.ipynb", "01.ipynb"),
        ("", "", "book/01.ipynb", "exercises/01.ipynb"),
        ("mine/old", "../../", "../../book/01.ipynb", "../../exercises/01.ipynb"),
    ],
)
def test_a_link_leads_from_the_notebook(root, folder, up, book, exercise):
    place = Whereabouts.of(root / folder)
    assert place.root == root
    assert place.up == up
    assert place.to("book/01.ipynb") == book
    assert place.to("exercises/01.ipynb") == exercise
    assert (root / folder / book).resolve().is_file() or folder == "mine/old"


def test_there_is_no_link_to_what_is_not_there(root):
    assert Whereabouts.of(root / "exercises").to("solutions/01.ipynb") == ""


def test_elsewhere_it_is_as_in_the_exercises(tmp_path):
    assert Whereabouts.of(tmp_path / "alone").up == "../"
