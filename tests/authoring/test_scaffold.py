"""What `lrcourse new` writes runs as it is, and asks to be filled in."""

import json
import shutil
import subprocess
import sys

import nbformat
import pytest

from lrcourse.authoring import scaffold
from lrcourse.authoring.check import reports
from lrcourse.cli.main import main
from lrcourse.grading.exercise import Exercise
from tests import ROOT
from tests.course import test_kinds as kinds

WRITTEN_INTO = (
    "_toc.yml",
    "lrcourse/schedules",
    "lrcourse/optimizers",
    "tests/schedules",
    "tests/optimizers",
    "solutions",
    "exercises",
    "pyproject.toml",
)


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A copy of all that templates are written into, and the folder we are in."""
    for place in WRITTEN_INTO:
        copy = shutil.copytree if (ROOT / place).is_dir() else shutil.copy
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        copy(ROOT / place, tmp_path / place)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def is_clean(course, touched):
    files = [place for place in touched if place.endswith(".py")]
    for task in (["check"], ["format", "--check"]):
        subprocess.run([sys.executable, "-m", "ruff", *task, *files], check=True)
    return all(scaffold.MARK in (course / place).read_text() for place in files)


def test_a_schedule_stands_in_its_room_its_export_and_both_tables(course, capsys):
    assert main(["new", "schedule", "power_law", "--room", "cycles"]) == 0
    touched = capsys.readouterr().out.splitlines()[:-1]
    assert touched == [
        "lrcourse/schedules/cycles.py",
        "lrcourse/schedules/__init__.py",
        "tests/schedules/test_schedules.py",
        "tests/schedules/test_oracles.py",
        "tests/schedules/test_odd_settings.py",
    ]
    texts = [(course / place).read_text() for place in touched]
    assert [text.count("power_law") for text in texts] == [2, 2, 2, 2, 2]
    subprocess.run([sys.executable, "-m", "ruff", "check", *touched], check=True)


def test_a_rule_has_a_room_an_export_and_a_twin(course):
    touched = scaffold.new_rule(course, "LionLike")
    assert touched[0] == "lrcourse/optimizers/lion_like.py"
    assert '"LionLike"' in (course / touched[1]).read_text()
    assert "LionLike()" in (course / touched[2]).read_text()
    assert is_clean(course, [touched[0], touched[2]])


def test_an_exercise_checks_itself_as_it_is(course):
    scaffold.new_exercise(course, "07_why_decay", "expected_loss")
    scaffold.new_answer(course, "frozen_at", "07_why_decay")
    exercise = Exercise("07_why_decay", course / "exercises/checks")
    found = list(reports(exercise))
    asked = [place.name for place in exercise.asked]
    assert [report.answer for report in found] == ["expected_loss", "frozen_at", *asked]
    assert not any(report.wrong for report in found)


def test_cases_and_claims_check_themselves_as_they_are(course, capsys):
    slug = "07_why_decay"
    scaffold.new_exercise(course, slug, "expected_loss")
    scaffold.new_answer(course, "frozen_at", slug)
    assert main(["new", "answer", "tell_apart", slug, "--kind", "cases"]) == 0
    assert main(["new", "answer", "supported", slug, "--kind=claims"]) == 0
    touched = capsys.readouterr().out.splitlines()
    assert touched[1] == f"exercises/checks/{slug}/test_tell_apart.py"
    exercise = Exercise(slug, course / "exercises/checks")
    order = ["expected_loss", "tell_apart", "frozen_at", "supported"]
    asked = [each.name for each in exercise.asked]
    own = [each for each in exercise.answers if each not in asked]
    assert own == order  # cases before what they tell apart
    found = [each for each in reports(exercise) if each.kind != "recall"]
    assert [report.kind for report in found] == ["", "cases", "", "claims"]
    assert [report.wrong for report in found] == [[], [], [], []]
    cases = course / f"exercises/checks/{slug}/test_tell_apart.py"
    assert is_clean(course, [str(cases), str(cases.with_name("test_supported.py"))])


def test_claims_and_cases_as_written_are_what_the_house_asks_of_their_kinds(course):
    slug = "07_why_decay"
    scaffold.new_exercise(course, slug, "frozen_at")
    scaffold.new_answer(course, "tell_apart", slug, "cases")
    scaffold.new_answer(course, "supported", slug, "claims")
    exercise = Exercise(slug, course / "exercises/checks")
    kinds.test_two_cases_suffice_and_the_first_alone_leaves_a_mistake(
        exercise, "tell_apart"
    )
    for test in (
        kinds.test_some_claims_are_supported_and_every_other_has_its_reason,
        kinds.test_to_pick_every_claim_earns_no_point,
        kinds.test_a_claim_and_its_runs_stand_in_the_question_as_in_the_check,
    ):
        test(exercise, "supported")


def test_a_chapter_stands_in_the_contents_and_its_cells_run(course):
    scaffold.new_chapter(course, "07_why_decay")
    contents = (course / "_toc.yml").read_text()
    assert contents.index("06_decay") < contents.index("07_why") < contents.index("09_")
    notebook = nbformat.read(course / "book/07_why_decay.ipynb", as_version=4)
    nbformat.validate(notebook)
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    exec(compile(code, "the chapter", "exec"), {})


def test_a_part_that_is_not_there_is_made_before_the_appendix(course):
    scaffold.new_chapter(course, "15_by_task", part="V. Practice")
    contents = (course / "_toc.yml").read_text()
    assert (
        contents.index("V. Practice") < contents.index("15_by") < contents.index("App")
    )


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["schedule", "cosine"], "has a cosine already"),
        (["schedule", "2fast"], "'2fast' is no name for Python"),
        (["schedule", "x", "--room", "curve"], "no room curve: there are combine, cur"),
        (["rule", "lion"], "a rule is a class: write Lion"),
        (["answer", "cosine_lr", "09_optimizers"], "names of answers are unique"),
        (["answer", "x", "06_decay"], "no exercise 06_decay: there are 01_one_number"),
        (["answer", "x", "06_decay_formulas", "--kind=case"], "no kind case: there"),
        (["chapter", "7"], "'7' is no chapter: write its number and a word"),
        (["chapter", "06_decay_formulas"], "06_decay_formulas is in _toc.yml already"),
    ],
)
def test_what_cannot_be_written_is_a_sentence_and_touches_nothing(
    course, words, sentence, capsys
):
    def everything():
        return {path: path.read_bytes() for path in course.rglob("*") if path.is_file()}

    before = everything()
    assert main(["new", *words]) == 2
    assert sentence in capsys.readouterr().out
    assert everything() == before


def test_it_is_for_the_course_s_top_folder(tmp_path):
    with pytest.raises(ValueError, match=r"run this beside _toc\.yml"):
        scaffold.new_rule(tmp_path, "Lion")


def test_an_answer_keeps_the_cells_before_it(course):
    path = course / "solutions/06_decay_formulas.ipynb"
    before = json.loads(path.read_text())["cells"]
    scaffold.new_answer(course, "square_lr", "06_decay_formulas")
    after = json.loads(path.read_text())["cells"]
    own = [cell for cell in before if not cell["id"].startswith("recall_")]
    assert [cell for cell in after if cell in own] == own
    assert len(after) == len(before) + 3
