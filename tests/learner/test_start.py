"""A learner's folder is written, brought up to date, and never written over."""

import copy
import json
import os
import stat

import pytest

from lrcourse.learner import start
from lrcourse.learner.folder import Folder, folder_around, read_notebook, write_whole
from lrcourse.learner.reset import reset_answer, reset_exercise
from tests import ROOT

SLUG = "01_one_number"


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = Folder(tmp_path_factory.mktemp("ada") / "lr course")
    return folder, start.write_course(folder)


@pytest.fixture
def folder(written, tmp_path):
    mine = Folder(tmp_path / "mine")
    start.write_course(mine)
    return mine


def edit(notebook, **sources):
    document = read_notebook(notebook)
    for cell in document["cells"]:
        if text := sources.get(cell["id"].replace("-", "_")):
            cell["source"] = text
    notebook.write_text(json.dumps(document), "utf-8")


def how(found, name):
    return next((each.how, each.why) for each in found if each.name == name)


def test_every_notebook_of_the_course_is_there(written):
    folder, found = written
    assert {each.how for each in found} == {"new"}
    for path in (*ROOT.glob("exercises/*.ipynb"), *ROOT.glob("book/*.ipynb")):
        assert (folder.path / path.parent.name / path.name).is_file()
    assert folder.start.is_file()
    assert folder_around(folder.exercises) == folder


def test_a_second_start_changes_nothing(folder):
    before = {path: path.stat().st_mtime_ns for path in folder.path.rglob("*.ipynb")}
    assert {each.how for each in start.write_course(folder)} == {"same"}
    after = {path: path.stat().st_mtime_ns for path in folder.path.rglob("*.ipynb")}
    assert before == after


@pytest.fixture
def newer(tmp_path, monkeypatch):
    """A course in which the first question of the first exercise is put anew."""
    course = tmp_path / "course"
    for name in ("exercises", "book"):
        (course / name).mkdir(parents=True)
    (course / "book/images").mkdir()
    document = read_notebook(ROOT / f"exercises/{SLUG}.ipynb")
    document["cells"][2]["source"] = "A new question."
    document["metadata"]["lrcourse"]["digest"] = "another"
    text = json.dumps(document)
    (course / f"exercises/{SLUG}.ipynb").write_text(text, "utf-8")
    monkeypatch.setattr(start, "course_folder", lambda: course)
    (course / "START.ipynb").write_bytes((ROOT / "START.ipynb").read_bytes())
    return course


def test_an_update_is_merged_around_the_work_and_the_old_kept(folder, newer):
    mine = folder.exercises / f"{SLUG}.ipynb"
    edit(mine, gradient_step_answer="def gradient_step(params, grads, lr): ...")
    before = mine.read_bytes()
    kind, why = how(start.write_course(folder), f"exercises/{SLUG}.ipynb")
    assert kind == "merged"
    (kept,) = (folder.path / "kept").iterdir()
    assert kept.name in why
    assert kept.read_bytes() == before
    texts = ["".join(cell["source"]) for cell in read_notebook(mine)["cells"]]
    assert texts[2] == "A new question."
    assert texts[3] == "def gradient_step(params, grads, lr): ..."


def test_a_blank_notebook_is_updated_without_ado(folder, newer):
    found = start.write_course(folder)
    assert how(found, f"exercises/{SLUG}.ipynb") == ("updated", "")
    assert not (folder.path / "kept").exists()


def test_a_notebook_copied_by_hand_is_merged_too(folder, newer):
    mine = folder.exercises / f"{SLUG}.ipynb"
    document = read_notebook(ROOT / f"exercises/{SLUG}.ipynb")
    document["cells"][3]["source"] = "def gradient_step(): mine"
    mine.write_text(json.dumps(document), "utf-8")
    start.write_course(folder)
    assert "def gradient_step(): mine" in mine.read_text("utf-8")


@pytest.mark.parametrize("text", ['{"cells": [], "metadata": {}}', "no notebook"])
def test_somebody_elses_notebook_is_left_alone_and_named(folder, text):
    mine = folder.exercises / f"{SLUG}.ipynb"
    mine.write_text(text, "utf-8")
    kind, why = how(start.write_course(folder), f"exercises/{SLUG}.ipynb")
    assert kind == "left"
    assert "move it away" in why or "is broken" in why
    assert mine.read_text("utf-8") == text


def test_a_deleted_notebook_comes_again(folder):
    mine = folder.exercises / f"{SLUG}.ipynb"
    mine.unlink()
    assert how(start.write_course(folder), f"exercises/{SLUG}.ipynb")[0] == "new"


def test_a_file_and_the_course_itself_are_refused(tmp_path):
    file = tmp_path / "file"
    file.write_text("mine")
    for path, words in ((file, "is a file"), (ROOT, "the course's own folder")):
        with pytest.raises(start.CannotStart, match=words):
            start.write_course(Folder(path))
    assert file.read_text() == "mine"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_is_read_only_is_named(tmp_path):
    tmp_path.chmod(stat.S_IRUSR | stat.S_IXUSR)
    with pytest.raises(start.CannotStart, match="cannot be written to"):
        start.write_course(Folder(tmp_path / "mine"))


def test_a_folder_that_cannot_be_written_to_is_named(tmp_path, monkeypatch):
    def refuse(path, data):
        raise OSError(30, "Read-only file system", str(path))

    monkeypatch.setattr("lrcourse.learner.folder.write_whole", refuse)
    with pytest.raises(start.CannotStart, match="Read-only file system"):
        start.write_course(Folder(tmp_path / "mine"))


def test_what_fails_half_way_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "x.ipynb"
    path.write_text("old")
    monkeypatch.setattr(
        "pathlib.Path.replace", lambda *_: (_ for _ in ()).throw(OSError(28, "full"))
    )
    with pytest.raises(OSError, match="full"):
        write_whole(path, b"new")
    assert [each.name for each in tmp_path.iterdir()] == ["x.ipynb"]
    assert path.read_text() == "old"


def test_an_answer_is_reset_and_the_old_kept(folder):
    mine = folder.exercises / f"{SLUG}.ipynb"
    blank = copy.deepcopy(read_notebook(mine))
    edit(
        mine,
        gradient_step_answer="def gradient_step(p, g, lr): return p",
        best_constant_lr_answer="def best_constant_lr(h): return 1",
    )
    before = mine.read_bytes()
    kept = reset_answer(folder, mine, "gradient_step")
    assert kept.read_bytes() == before
    cells = {cell["id"]: cell["source"] for cell in read_notebook(mine)["cells"]}
    assert cells["gradient_step-answer"] == blank["cells"][3]["source"]
    assert cells["best_constant_lr-answer"] == "def best_constant_lr(h): return 1"


def test_an_answer_pasted_twice_is_blank_once_after_a_reset(folder):
    mine = folder.exercises / f"{SLUG}.ipynb"
    document = read_notebook(mine)
    again = {**document["cells"][3], "id": "again"}
    document["cells"].append(again)
    mine.write_text(json.dumps(document), "utf-8")
    reset_answer(folder, mine, "gradient_step")
    texts = ["".join(cell["source"]) for cell in read_notebook(mine)["cells"]]
    assert sum("def gradient_step" in text for text in texts) == 1


def test_an_exercise_is_reset_and_two_resets_keep_two_copies(folder):
    mine = folder.exercises / f"{SLUG}.ipynb"
    blank = mine.read_bytes()
    edit(mine, gradient_step_answer="def gradient_step(): ...")
    first = reset_exercise(folder, mine)
    second = reset_exercise(folder, mine)
    assert first != second
    assert "def gradient_step(): ..." in first.read_text("utf-8")
    assert mine.read_bytes() == blank
