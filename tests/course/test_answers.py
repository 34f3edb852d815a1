"""Every answer has its check cell, public and hidden checks, hints, known mistakes."""

import json

import pytest

from tests import ROOT
from tests.course import nothing_forgotten
from tests.course.answers import folder_of, incomplete, solution_of, unproved


def test_every_answer_has_what_belongs_to_it():
    nothing_forgotten(incomplete(ROOT))


def test_every_chapter_is_asked_again_and_can_be_proved_known():
    nothing_forgotten(unproved(ROOT))


SLUG = "06_decay"
SOLVED = """def rate_lr(step, base_lr):
    ### BEGIN SOLUTION
    return base_lr / (1 + step)
    ### END SOLUTION
"""
CHECKS = '''"""rate_lr, chapter 06: Decay."""

HINTS = ["Is it?", "It is not."]


def test_it_starts_at_base_lr(rate_lr):
    assert close(rate_lr(0, 0.1), 0.1), "it starts there"


@agrees_with(schedules.inverse_time, points=2)
def test_any_rate(rng):
    return {"base_lr": rng.uniform(0.1, 1)}


MISTAKES = Mistakes(
    see="Decay",
    grows=Edit("It grows.", {"/": "*"}),
    counts_from_one=Edit("It counts from one.", {"1 +": "2 +"}),
)


@MISTAKES.written_out(see="Off by one")
def stands_still(step, base_lr):
    """It stands still."""
    return base_lr
'''
SHARED = 'FORBIDDEN = ("keras",)\nPROOF = ("rate_lr", "rate_lr")\n'
RECALLS = 'RECALLS = [Recall("rate_lr", "?", draw), Recall("rate_lr", "??", draw)]\n'
PLACE = f"exercises/checks/{SLUG}/test_rate_lr.py"


@pytest.fixture
def course(tmp_path):
    (tmp_path / "_toc.yml").write_text(f"- caption: I\n- file: book/{SLUG}\n")
    (tmp_path / "solutions").mkdir()
    write_solution(tmp_path, SOLVED, 'check("rate_lr")')
    folder_of(tmp_path, SLUG).mkdir(parents=True)
    (folder_of(tmp_path, SLUG) / "exercise.py").write_text(SHARED)
    (folder_of(tmp_path, SLUG) / "recall.py").write_text(RECALLS)
    (tmp_path / PLACE).write_text(CHECKS)
    return tmp_path


def write_solution(root, *sources):
    cells = [{"cell_type": "code", "source": source} for source in sources]
    solution_of(root, SLUG).write_text(json.dumps({"cells": cells}))


def test_an_answer_that_has_everything_is_not_named(course):
    assert incomplete(course) == []


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (
            '    grows=Edit("It grows.", {"/": "*"}),\n',
            "",
            "has 2 known mistakes, and needs 3: add an Edit to MISTAKES, or a function "
            f"under @MISTAKES.written_out, in {PLACE}",
        ),
        (
            '@MISTAKES.written_out(see="Off by one")',
            "",
            "has 2 known mistakes, and needs 3: add an Edit to MISTAKES, or a function "
            f"under @MISTAKES.written_out, in {PLACE}",
        ),
        (
            "def test_any_rate",
            "def any_rate",
            f"has no hidden check: add a test that takes rng to {PLACE}",
        ),
        (
            "test_it_starts_at_base_lr(rate_lr)",
            "test_it_starts_at_base_lr(rate_lr, rng)",
            f"has no public check: add a test without rng to {PLACE}",
        ),
        (
            'HINTS = ["Is it?", "It is not."]',
            "HINTS = []",
            f"has no hints: add HINTS, from gentle to plain, to {PLACE}",
        ),
    ],
)
def test_what_the_file_of_an_answer_lacks_is_named(course, old, new, sentence):
    assert old in CHECKS
    (course / PLACE).write_text(CHECKS.replace(old, new))
    assert incomplete(course) == [f"{SLUG}: rate_lr {sentence}"]


@pytest.mark.parametrize("maker", ["tells_apart", "claims"])
def test_a_kind_of_answer_that_makes_its_checks_is_not_named(course, maker):
    (course / PLACE).write_text(f'TESTS = {maker}("rate_lr")\n')
    assert incomplete(course) == []
    (course / PLACE).write_text('TESTS = other("rate_lr")\n')
    assert len(incomplete(course)) == 4


@pytest.mark.parametrize(
    ("file", "text", "sentences"),
    [
        (
            "recall.py",
            'RECALLS = [Recall("rate_lr", "?", draw)]',
            [
                f"{SLUG} offers 1 recalls, and should offer 2 or more: add a Recall to "
                f"RECALLS in exercises/checks/{SLUG}/recall.py"
            ],
        ),
        (
            "recall.py",
            'RECALLS = [Recall("rate_lr"), Recall("rate")]',
            [f"{SLUG}: recall.py asks rate, and the solution solves no rate"],
        ),
        (
            "exercise.py",
            'FORBIDDEN = ("keras",)\n',
            [
                f"{SLUG} marks 0 answers as its hardest, and should mark 2: PROOF in "
                f"exercises/checks/{SLUG}/exercise.py"
            ],
        ),
        (
            "exercise.py",
            'PROOF = ("rate_lr", "other")',
            [f"{SLUG}: PROOF names other, and the solution solves no other"],
        ),
    ],
)
def test_a_chapter_without_recalls_or_proof_is_named(course, file, text, sentences):
    (folder_of(course, SLUG) / file).write_text(text)
    assert unproved(course) == sentences


def test_a_missing_check_cell_and_a_missing_file_are_named(course):
    write_solution(course, SOLVED, "# check('rate_lr')")
    (course / PLACE).unlink()
    (folder_of(course, SLUG) / "exercise.py").unlink()
    assert incomplete(course) == [
        f"{SLUG}: exercises/checks/{SLUG}/exercise.py is missing: it says what the "
        "exercise forbids to import",
        f'{SLUG}: rate_lr has no check cell: add a cell check("rate_lr") below its own '
        f"in solutions/{SLUG}.ipynb, then make exercises",
        f"{SLUG}: rate_lr has no checks: write {PLACE}",
    ]


def test_checks_of_an_answer_that_nobody_solves_are_named(course):
    write_solution(course, SOLVED.replace("rate_lr", "other_lr"), 'check("other_lr")')
    assert incomplete(course)[-1] == (
        f"{SLUG}: test_rate_lr.py checks rate_lr, and the solution solves no rate_lr: "
        "write it between BEGIN SOLUTION and END SOLUTION"
    )
