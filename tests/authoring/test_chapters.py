"""Chapters are sealed: what makes one stale, and what a failed run leaves behind."""

import gc
import json
import subprocess
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from lrcourse.authoring import chapters
from tests import ROOT

CODE = ["from tiny import front", "print(1)"]


@pytest.fixture(autouse=True)
def _nothing_left_to_collect():
    """End each test's tasks with it: one that dies during a parse breaks Python 3.11's.

    "AST constructor recursion depth mismatch", https://github.com/python/cpython/issues/106905
    """
    yield
    gc.collect()


@pytest.fixture
def package(tmp_path):
    """A package whose room `front` leans on `back`, and `alone` on nothing."""
    folder = tmp_path / "tiny"
    (folder / "deep").mkdir(parents=True)
    (folder / "plotting").mkdir()
    files = {
        "__init__.py": "",
        "front.py": "import tiny.back\n",
        "back.py": "from tiny.deep.well import w\n",
        "deep/__init__.py": "",
        "deep/well.py": "w = 1\n",
        "alone.py": "a = 1\n",
        "plotting/book.mplstyle": "lines.linewidth: 2\n",
    }
    for name, text in files.items():
        (folder / name).write_text(text, newline="\n")
    return folder


@pytest.fixture
def chapter(tmp_path):
    return tmp_path / "01_tiny.ipynb"


def write(path, *sources):
    cells = [new_code_cell(source) for source in sources]
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    nbformat.write(new_notebook(cells=cells), path)


def edit(path, change):
    document = json.loads(path.read_text(encoding="utf-8"))
    change(document)
    path.write_text(json.dumps(document), encoding="utf-8")


USED = [
    "front.py",
    "back.py",
    "deep/__init__.py",
    "deep/well.py",
    "plotting/book.mplstyle",
]


@pytest.mark.parametrize("name", USED)
def test_the_digest_follows_every_file_in_use(package, name):
    before = chapters.digest(CODE, package)
    (package / name).write_text("# other\n")
    assert chapters.digest(CODE, package) != before


def test_the_digest_follows_the_code():
    assert chapters.digest(["x = 1"]) != chapters.digest(["x = 2"])
    assert chapters.digest(["x", "y"]) != chapters.digest(["xy"])


def test_a_script_beside_a_room_counts_where_the_room_is_used(package):
    (package / "deep/script").mkdir()
    before = [chapters.digest([s], package) for s in ("import tiny.deep.well", "1")]
    (package / "deep/script/draw.js").write_text("draw()")
    after = [chapters.digest([s], package) for s in ("import tiny.deep.well", "1")]
    assert after[0] != before[0]
    assert after[1] == before[1]


def test_the_digest_ignores_line_ends_and_rooms_not_in_use(package):
    before = chapters.digest(CODE, package)
    (package / "alone.py").write_text("# other\n")
    for path in package.rglob("*.*"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert chapters.digest(CODE, package) == before


@pytest.mark.parametrize(
    "source",
    [
        "import tiny.back",
        "import tiny.back as b",
        "from tiny import back",
        "from tiny.back import w",
        "def f():\n    from tiny import alone, back",
    ],
)
def test_every_form_of_import_counts(package, source):
    before = chapters.digest([source], package)
    (package / "deep/well.py").write_text("w = 2\n")
    assert chapters.digest([source], package) != before


def test_executing_twice_gives_the_same_bytes(chapter):
    write(chapter, "print(1)\nprint(2)", "{3, 4}")
    timed = {"execution": {"iopub.status.busy": "2026"}}
    edit(chapter, lambda doc: doc["cells"][0].update(metadata=timed))
    assert chapters.main([str(chapter)]) == 0
    first = chapter.read_bytes()
    assert chapters.main([str(chapter)]) == 0
    assert chapter.read_bytes() == first
    document = json.loads(first)
    assert set(document["metadata"]) == {"kernelspec", "language_info", "lrcourse"}
    assert [cell["metadata"] for cell in document["cells"]] == [{}, {}]
    assert len(document["cells"][0]["outputs"]) == 1
    assert chapters.problems(chapter) == []


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("1 / 0", "code cell 2 failed: ZeroDivisionError: division by zero"),
        ("import sys; print('oh', file=sys.stderr)", "code cell 2 wrote to stderr: oh"),
        ("import os; os._exit(1)", "code cell 2 failed: Kernel died"),
    ],
)
def test_a_chapter_that_fails_is_named_and_left_alone(
    chapter, tmp_path, capsys, source, sentence
):
    good = tmp_path / "02_good.ipynb"
    write(chapter, "x = 1", source)
    write(good, "x = 1")
    before = chapter.read_bytes()
    assert chapters.main([str(chapter), str(good)]) == 1
    assert f"{chapter}, {sentence}" in capsys.readouterr().err
    assert chapter.read_bytes() == before
    assert chapters.problems(good) == []


@pytest.fixture
def sealed(chapter, package):
    write(chapter, *CODE)
    seal = chapters.digest(CODE, package)

    def finish(document):
        document["metadata"]["lrcourse"] = {"digest": seal}
        for number, cell in enumerate(document["cells"], start=1):
            cell["execution_count"] = number

    edit(chapter, finish)
    assert chapters.problems(chapter, package) == []
    return chapter


def test_a_stale_chapter_is_named(sealed, package):
    (package / "back.py").write_text("w = 2\n")
    assert chapters.problems(sealed, package) == [
        f"{sealed} is older than its code or the rooms it uses: run make execute"
    ]


def test_an_error_and_a_cell_without_a_count_are_named(sealed, package):
    error = {"output_type": "error", "ename": "E", "evalue": "", "traceback": []}
    edit(sealed, lambda doc: doc["cells"][0]["outputs"].append(error))
    edit(sealed, lambda doc: doc["cells"][1].update(execution_count=None))
    assert chapters.problems(sealed, package) == [
        f"{sealed} holds an error in code cell 1: run make execute",
        f"{sealed} has code cells never executed: 2: run make execute",
    ]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"cells": [{}]}', "<<<<<<< HEAD"])
def test_a_broken_file_is_a_sentence(chapter, text):
    chapter.write_text(text)
    (said,) = chapters.problems(chapter)
    assert "cannot be read as a notebook" in said


def test_code_that_is_not_python_is_a_sentence(chapter, capsys):
    write(chapter, "%matplotlib inline")
    (said,) = chapters.problems(chapter)
    assert "not Python" in said
    assert chapters.main([str(chapter)]) == 1
    assert "not Python" in capsys.readouterr().err


def test_an_allowed_error_is_refused_too(chapter, capsys):
    write(chapter, "1 / 0")
    tag = {"tags": ["raises-exception"]}
    edit(chapter, lambda doc: doc["cells"][0].update(metadata=tag))
    before = chapter.read_bytes()
    assert chapters.main([str(chapter)]) == 1
    assert "code cell 1 failed: ZeroDivisionError" in capsys.readouterr().err
    assert chapter.read_bytes() == before


def test_a_blank_cell_is_neither_unfinished_nor_blamed(chapter, capsys):
    write(chapter, "x = 1", " ")
    assert chapters.main([str(chapter)]) == 0
    assert chapters.problems(chapter) == []
    write(chapter, "", "import os; os._exit(1)")
    assert chapters.main([str(chapter)]) == 1
    assert "code cell 2 failed" in capsys.readouterr().err


def test_an_endless_cell_meets_the_clock(chapter, monkeypatch, capsys):
    monkeypatch.setattr(chapters, "CELL_SECONDS", 1)
    write(chapter, "while True:\n    print(1, flush=True)")
    before = chapter.read_bytes()
    assert chapters.main([str(chapter)]) == 1
    assert "code cell 1 failed: A cell timed out" in capsys.readouterr().err
    assert chapter.read_bytes() == before


def test_a_folder_stands_for_its_chapters(sealed, capsys):
    assert chapters.main(["--check", str(sealed.parent)]) == 1
    assert f"{sealed} is older" in capsys.readouterr().err


def test_nothing_to_check_is_an_error(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit):
        chapters.main(["--check"])
    assert "no chapters" in capsys.readouterr().err


def test_the_chapters_are_up_to_date():
    found = sorted((ROOT / "book").glob("*.ipynb"))
    assert found
    assert [said for each in found for said in chapters.problems(each)] == []


def test_the_check_needs_only_the_standard_library():
    code = (
        "import sys; from lrcourse import execution; chapters.main(['--check', 'x']);"
        "print({'nbformat', 'nbclient', 'torch', 'numpy'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout == "set()\n"
