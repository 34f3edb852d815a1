"""Chapters are sealed: what makes one stale, and what a failed run leaves behind."""

import gc
import json
import subprocess
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from lrcourse.authoring import chapters, execution, toc
from lrcourse.authoring.reach import Package
from lrcourse.authoring.seal import digest
from tests import ROOT
from tests.authoring import tiny

CODE = ["from tiny import front", "print(front.w)"]


@pytest.fixture(autouse=True)
def _nothing_left_to_collect():
    """End each test's tasks with it: one that dies during a parse breaks Python 3.11's.

    "AST constructor recursion depth mismatch", https://github.com/python/cpython/issues/106905
    """
    yield
    gc.collect()


@pytest.fixture
def package(tmp_path):
    files = {
        "__init__.py": "",
        "front.py": "from tiny.back import w\n",
        "back.py": "w = 1\n",
    }
    return tiny.write(tmp_path, files)


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
    assert chapters.problems(chapter, Package(chapters.PACKAGE)) == []


FAILURES = {
    "1 / 0": "code cell 2, line 1, `1 / 0`, failed: ZeroDivisionError: division by",
    "y = 1\n\nif y:\n    f(y)": "code cell 2, line 4, `f(y)`, failed: KeyError: 1",
    "return": "code cell 2, line 1, `return`, failed: SyntaxError: 'return' outside",
    "raise ValueError": "code cell 2, line 1, `raise ValueError`, failed: ValueError: ",
    "import sys; print('oh', file=sys.stderr)": "code cell 2 wrote to stderr: oh",
    "import os; os._exit(1)": "code cell 2 failed: Kernel died",
    "y = 1\ny =\n": "code cell 2, line 2, `y =`, is not Python: invalid syntax",
}


@pytest.mark.parametrize("source", FAILURES)
def test_a_chapter_that_fails_is_named_with_its_line_and_left_alone(
    chapter, tmp_path, capsys, source
):
    good = tmp_path / "02_good.ipynb"
    write(chapter, "def f(x):\n    return {}[x]", source)
    write(good, "x = 1")
    before = chapter.read_bytes()
    assert chapters.main([str(chapter), str(good)]) == 1
    assert capsys.readouterr().err.startswith(f"{chapter}, {FAILURES[source]}")
    assert chapter.read_bytes() == before
    assert chapters.problems(good, Package(chapters.PACKAGE)) == []


IMPORT = "from lrcourse.prediction import predict, settle"
ASK = "predict('one', 'Is it one?', ['yes', 'no'])"
SETTLE = "settle('one', {'yes': (True, 'It is.'), 'no': (False, 'It is not.')})"
OPEN = {
    (ASK,): "code cell 2 asks 'one', which no cell settles: put settle('one', …)",
    (SETTLE,): "code cell 2, line 1, `settle(",
    (SETTLE, ASK): "code cell 2, line 1, `settle(",
    (ASK, SETTLE, SETTLE): "code cell 4 settles 'one', as code cell 3 does: choose",
    (ASK, ASK, SETTLE): "code cell 3 asks 'one', as code cell 2 does: choose another",
    (f"{ASK}\nx = 1", SETTLE): "code cell 2 calls predict and does not show it",
    (f"{ASK}\n{SETTLE}",): "code cell 2 calls predict and does not show it",
    (f"{ASK};", SETTLE): "code cell 2 calls predict and does not show it",
    (ASK, SETTLE.replace("False", "True")): "code cell 3, line 1, `settle(",
}


@pytest.mark.parametrize("sources", OPEN)
def test_a_chapter_with_an_open_prediction_does_not_seal(chapter, capsys, sources):
    write(chapter, IMPORT, *sources)
    before = chapter.read_bytes()
    assert chapters.main([str(chapter)]) == 1
    assert capsys.readouterr().err.startswith(f"{chapter}, {OPEN[sources]}")
    assert chapter.read_bytes() == before


def test_a_settled_chapter_whose_cells_are_moved_is_named(chapter):
    write(chapter, IMPORT, ASK, "x = 1", SETTLE)
    assert chapters.main([str(chapter)]) == 0
    package = Package(chapters.PACKAGE)
    assert chapters.problems(chapter, package) == []

    def move(document):
        cells = document["cells"]
        cells[1], cells[3] = cells[3], cells[1]
        sources = ["".join(cell["source"]) for cell in cells]
        document["metadata"]["lrcourse"]["digest"] = digest(sources, package)

    edit(chapter, move)
    assert chapters.problems(chapter, package) == [
        f"{chapter}, code cell 2 settles 'one', which no cell before it asks: put "
        "predict('one', …) before the cell that answers it"
    ]


def test_a_function_of_a_chapters_own_may_be_called_predict(chapter):
    write(chapter, "def predict(x):\n    return x", "predict(1)", "predict(2)\n3")
    assert chapters.main([str(chapter)]) == 0


def test_a_failure_is_said_before_a_complaint(chapter, capsys):
    write(chapter, "import sys; print('oh', file=sys.stderr)", "1 / 0")
    assert chapters.main([str(chapter)]) == 1
    assert "code cell 2, line 1" in capsys.readouterr().err


@pytest.fixture
def sealed(chapter, package):
    write(chapter, *CODE)
    seal = digest(CODE, Package(package))

    def finish(document):
        document["metadata"]["lrcourse"] = {"digest": seal}
        for number, cell in enumerate(document["cells"], start=1):
            cell["execution_count"] = number

    edit(chapter, finish)
    assert chapters.problems(chapter, Package(package)) == []
    return chapter


def test_a_stale_chapter_is_named(sealed, package):
    (package / "back.py").write_text("w = 2\n")
    assert chapters.problems(sealed, Package(package)) == [
        f"{sealed} is older than its code or what that reaches in the package: "
        "run make execute"
    ]


def test_an_error_and_a_cell_without_a_count_are_named(sealed, package):
    error = {"output_type": "error", "ename": "E", "evalue": "", "traceback": []}
    edit(sealed, lambda doc: doc["cells"][0]["outputs"].append(error))
    edit(sealed, lambda doc: doc["cells"][1].update(execution_count=None))
    assert chapters.problems(sealed, Package(package)) == [
        f"{sealed} holds an error in code cell 1: run make execute",
        f"{sealed} has code cells never executed: 2: run make execute",
    ]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"cells": [{}]}', "<<<<<<< HEAD"])
def test_a_broken_file_is_a_sentence(chapter, text, capsys):
    chapter.write_text(text)
    assert chapters.main(["--check", str(chapter)]) == 1
    assert "cannot be read as a notebook" in capsys.readouterr().err
    assert chapters.main([str(chapter)]) == 1
    assert "cannot be read as a notebook" in capsys.readouterr().err


def test_code_that_is_not_python_is_a_sentence(chapter, capsys):
    write(chapter, "x = 1", "%matplotlib inline")
    said = f"{chapter}, code cell 2, line 1, `%matplotlib inline`, is not Python"
    for arguments in (["--check"], []):
        assert chapters.main([*arguments, str(chapter)]) == 1
        assert capsys.readouterr().err.startswith(said)


def test_an_allowed_error_is_refused_too(chapter, capsys):
    write(chapter, "1 / 0")
    tag = {"tags": ["raises-exception"]}
    edit(chapter, lambda doc: doc["cells"][0].update(metadata=tag))
    before = chapter.read_bytes()
    assert chapters.main([str(chapter)]) == 1
    assert "code cell 1, line 1, `1 / 0`, failed" in capsys.readouterr().err
    assert chapter.read_bytes() == before


def test_a_blank_cell_is_neither_unfinished_nor_blamed(chapter, capsys):
    write(chapter, "x = 1", " ", "y = 2")
    assert chapters.main([str(chapter)]) == 0
    write(chapter, "", "x = 1", "1 / 0")
    assert chapters.main([str(chapter)]) == 1
    assert "code cell 3, line 1, `1 / 0`" in capsys.readouterr().err
    write(chapter, "", "import os; os._exit(1)")
    assert chapters.main([str(chapter)]) == 1
    assert "code cell 2 failed" in capsys.readouterr().err


def test_an_endless_cell_meets_the_clock(chapter, monkeypatch, capsys):
    monkeypatch.setattr(execution, "CELL_SECONDS", 1)
    write(chapter, "while True:\n    print(1, flush=True)")
    before = chapter.read_bytes()
    assert chapters.main([str(chapter)]) == 1
    assert "code cell 1 failed: A cell timed out" in capsys.readouterr().err
    assert chapter.read_bytes() == before


def test_what_ran_is_checked_with_the_rooms_as_they_then_are(
    chapter, package, monkeypatch, capsys
):
    monkeypatch.setattr(chapters, "PACKAGE", package)
    new = f"open({str(package / 'back.py')!r}, 'w').write('w = 2')"
    write(chapter, *CODE, new)
    assert chapters.main([str(chapter)]) == 1
    assert "is older than its code" in capsys.readouterr().err


def test_a_chapter_goes_by_its_number(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "_toc.yml").write_text("root: intro\nentries:\n- file: 01_tiny\n")
    for name in ("intro", "01_tiny", "Untitled"):
        write(tmp_path / f"{name}.ipynb", "x = 1")
    assert chapters.main(["01"]) == 0
    assert capsys.readouterr().out.startswith("01_tiny.ipynb: ")
    assert chapters.main(["--check", "01"]) == 0
    assert chapters.main(["--check"]) == 1
    assert capsys.readouterr().err == (
        "intro.ipynb has code cells never executed: 1: run make execute\n"
    )


def test_an_unknown_chapter_is_told_the_nearest(monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    with pytest.raises(SystemExit) as stopped:
        chapters.main(["--check", "06_decay_formula"])
    assert stopped.value.code == 2
    assert "did you mean 06_decay_formulas?" in capsys.readouterr().err


def test_a_chapter_that_is_missing_is_a_sentence(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "_toc.yml").write_text("root: intro\n")
    assert chapters.main(["--check"]) == 1
    assert capsys.readouterr().err == "intro.ipynb is named in _toc.yml, but missing\n"


def test_no_contents_to_check_are_an_error(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit):
        chapters.main(["--check"])
    assert "run it from the course's top folder" in capsys.readouterr().err


def test_the_chapters_are_up_to_date():
    package = Package(chapters.PACKAGE)
    found = toc.chapters(ROOT)
    assert [said for each in found for said in chapters.problems(each, package)] == []


def test_the_check_needs_only_the_books_tools():
    code = (
        "import sys; from lrcourse.authoring import chapters;"
        "chapters.main(['--check']);"
        "print({'nbformat', 'nbclient', 'torch', 'numpy'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT
    )
    assert done.stdout == "set()\n"
