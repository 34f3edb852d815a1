"""Which exercise asks which question from an earlier chapter."""

import pytest

from lrcourse.grading.recalls import Place, offered, places

OFFER = 'RECALLS = [Recall("{0}_a", "?", draw), Recall(\n    "{0}_b", "?", draw)]\n'


@pytest.fixture
def course(tmp_path):
    """Return a function that writes chapters; each offers two recalls, if any."""

    def write(*numbers, silent=()):
        for number in numbers:
            folder = tmp_path / f"{number:02}_c"
            folder.mkdir()
            if number not in silent:
                (folder / "recall.py").write_text(OFFER.format(f"c{number}"))
        return tmp_path

    return write


def sources(checks, number):
    return [int(each.source[:2]) for each in places(checks, f"{number:02}_c")]


def test_they_are_one_three_and_six_chapters_back(course):
    checks = course(*range(1, 18))
    assert sources(checks, 17) == [16, 14, 11]
    assert sources(checks, 7) == [6, 4, 1]
    assert sources(checks, 6) == [5, 3]
    assert sources(checks, 2) == [1]
    assert sources(checks, 1) == []


def test_where_chapters_are_missing_the_nearest_before_is_asked_and_none_twice(course):
    checks = course(1, 6, 9, 13)
    asked = [sources(checks, number) for number in (1, 6, 9, 13)]
    assert asked == [[], [1], [6, 1], [9, 6, 1]]


def test_a_chapter_that_offers_none_is_passed_over(course):
    assert sources(course(1, 2, 3, silent=[2]), 3) == [1]


def test_each_that_asks_a_chapter_gets_another_question_then_the_first_again(course):
    checks = course(*range(1, 8))
    asked = [each for n in (2, 4, 7) for each in places(checks, f"{n:02}_c")]
    first = [each for each in asked if each.source == "01_c"]
    assert first == [
        Place("recall_c1_a", "01_c", 0),
        Place("recall_c1_b", "01_c", 1),
        Place("recall_c1_a_again", "01_c", 0),
    ]


def test_names_are_unique_over_the_course(course):
    checks = course(1, 6, 7, 8, 9, 13, 14)
    names = [
        each.name for path in checks.iterdir() for each in places(checks, path.name)
    ]
    assert len(names) == len({*names})


def test_what_is_no_course_asks_nothing(tmp_path):
    assert places(tmp_path / "checks", "06_decay") == []
    assert offered(tmp_path) == []
