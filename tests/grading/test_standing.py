"""The progress over the whole course, from the file, without running anything."""

import json
import time

import pytest

from lrcourse.grading.standing import FORM, Progress, Standing, last_seen, summary
from tests import ROOT

HOLDS = {"answer": "a", "outcome": "passed", "points": 3, "possible": 3}
NOW = Progress("06_decay_formulas", (Standing("cosine_lr", "passed", 5, 5),))


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "exercises").mkdir()
    for path in (ROOT / "exercises").glob("[0-9]*.ipynb"):
        (tmp_path / "exercises" / path.name).touch()
    return tmp_path


def keep(folder, **kept):
    (folder / "progress.json").write_text(json.dumps(kept))


def test_what_is_now_counts_and_of_the_others_what_the_file_says(folder):
    keep(folder, form=FORM, results={"01_one_number.ipynb": {"standings": [HOLDS]}})
    found = last_seen(folder, NOW)
    points = {each.slug: each.points for each in found if each.points}
    assert points == {"01_one_number": 3, "06_decay_formulas": 5}
    assert all(each.standings for each in found)
    said = " ".join(summary(found))
    asked = sum(len(each.standings) for each in found)
    assert said.startswith(f"2 of {asked} answers hold, 8 points. Next: ")


@pytest.mark.parametrize(
    "kept",
    [
        {"form": FORM, "results": []},
        {"form": FORM + 1, "results": {}},
        {"form": FORM},
        {"results": {}},
    ],
)
def test_a_file_of_another_form_counts_as_none(folder, kept):
    keep(folder, **kept)
    assert last_seen(folder, NOW) == []


def test_without_a_file_nothing_is_said(folder):
    assert last_seen(folder, NOW) == []
    (folder / "progress.json").write_text("half writ")
    assert last_seen(folder, NOW) == []


@pytest.mark.parametrize(
    "of", [None, [], {"standings": [{"what": 1}]}, {"standings": 3}]
)
def test_what_was_written_by_hand_counts_as_not_begun(folder, of):
    keep(folder, form=FORM, results={"01_one_number.ipynb": of})
    assert last_seen(folder, NOW)[0].points == 0


def test_it_takes_no_time(folder):
    keep(folder, form=FORM, results={})
    took = []
    for _ in range(5):
        begun = time.perf_counter()
        last_seen(folder, NOW)
        took.append(time.perf_counter() - begun)
    print(f"{1000 * min(took):.0f} ms")
    assert min(took) < 0.05
