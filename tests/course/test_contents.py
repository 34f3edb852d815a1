"""Every page of the contents is there, with its exercise."""

import pytest

from tests import ROOT
from tests.course import nothing_forgotten
from tests.course.contents import missing_parts, parts

WITHOUT_EXERCISE = {  # pages of the contents, and why nobody practises there
    "book/intro": "it says where everything is",
    "book/exercises": "it says where they are",
    "book/glossary": "words to look up",
    "book/house": "an appendix, for whoever changes something",
    "book/bibliography": "a list of what is cited",
}


def test_every_page_is_there_with_its_exercise():
    nothing_forgotten(missing_parts(ROOT, WITHOUT_EXERCISE))


@pytest.fixture
def course(tmp_path):
    contents = "root: book/intro\nparts:\n  - chapters:\n      - file: book/01_first\n"
    (tmp_path / "_toc.yml").write_text(contents)
    for place in ("book/intro.md", "book/01_first.ipynb", *parts("01_first")):
        path = tmp_path / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.mkdir() if not path.suffix else path.touch()
    return tmp_path


@pytest.mark.parametrize("part", parts("01_first"))
def test_a_missing_part_of_a_chapter_is_named(course, part):
    intro = {"book/intro": "it says where everything is"}
    assert not missing_parts(course, intro)
    path = course / part
    path.unlink() if path.is_file() else path.rmdir()
    assert missing_parts(course, intro) == [
        f"_toc.yml lists book/01_first, and {part} is missing: lrcourse new exercise "
        "01_first writes it, or say in WITHOUT_EXERCISE why there is none"
    ]


def test_a_page_or_a_reason_that_is_gone_and_a_notebook_in_no_page_are_named(course):
    (course / "book/intro.md").unlink()
    (course / "solutions/02_second.ipynb").touch()
    reasons = {"book/intro": "it says where everything is", "book/old": "it is gone"}
    assert missing_parts(course, reasons) == [
        "_toc.yml lists book/intro, and there is no such page",
        "book/old stands in WITHOUT_EXERCISE and not in _toc.yml: take it out",
        "solutions/02_second.ipynb belongs to no page of _toc.yml: list "
        "book/02_second there, or take the file away",
    ]
