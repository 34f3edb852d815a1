"""What runs of the package while a chapter does lies within the chapter's seal."""

import asyncio

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from lrcourse.authoring import proof
from lrcourse.authoring.reach import Reach
from tests import ROOT
from tests.authoring.tiny import write

B = """
import threading
from dataclasses import dataclass

@dataclass
class C:
    x: int = 1

    def h(self):
        return [self.i() for _ in range(2)]

    def i(self):
        return sorted([2, 1], key=lambda x: x)

def f():
    thread = threading.Thread(target=C().h)
    thread.start()
    thread.join()

def g():
    return 7
"""


@pytest.fixture
def chapter(tmp_path):
    cell = new_code_cell("from tiny.b import f\ncalls = json = sys = None\nf()")
    nbformat.write(new_notebook(cells=[cell]), tmp_path / "01_tiny.ipynb")
    return tmp_path / "01_tiny.ipynb"


def test_what_a_real_chapter_runs_is_sealed():
    chapter = ROOT / "book/06_decay_formulas.ipynb"
    found = asyncio.run(proof.prove(chapter, proof.PACKAGE))
    assert "half_cosine" in {line.split()[1] for line in found.ran}
    assert found.missed == []


def test_functions_that_run_are_seen_in_threads_too(chapter, tmp_path):
    package = write(tmp_path, {"__init__.py": "", "b.py": B})
    found = asyncio.run(proof.prove(chapter, package))
    names = {line.split()[1] for line in found.ran}
    assert names == {"f", "C.h", "C.i", "C.i.<locals>.<lambda>"}
    assert found.missed == []


def test_what_a_seal_misses_is_named(chapter, tmp_path, monkeypatch):
    package = write(tmp_path, {"__init__.py": "", "b.py": B})
    whole = proof.Package(package).reach(["from tiny.b import f\nf()"])
    parts = [part for part in whole.parts["tiny.b"] if "C" not in part.names]
    short = Reach({"tiny.b": parts}, [], shows=False)
    monkeypatch.setattr(proof.Package, "reach", lambda self, cells: short)
    found = asyncio.run(proof.prove(chapter, package))
    assert found.missed == [
        "b.py:9 C.h",
        "b.py:12 C.i",
        "b.py:13 C.i.<locals>.<lambda>",
    ]


def test_a_chapter_that_fails_proves_nothing(chapter, tmp_path):
    package = write(tmp_path, {"__init__.py": "", "b.py": "def f():\n    1 / 0"})
    with pytest.raises(RuntimeError, match=r"01_tiny.*ZeroDivisionError"):
        asyncio.run(proof.prove(chapter, package))


def test_the_command_says_what_it_found(chapter, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "_toc.yml").write_text("root: 01_tiny\n")
    monkeypatch.setattr(proof, "PACKAGE", write(tmp_path, {"b.py": B}))
    assert proof.main([]) == 0
    assert "4 functions ran, 0 of them unsealed" in capsys.readouterr().out
    nothing = Reach({}, [], shows=False)
    monkeypatch.setattr(proof.Package, "reach", lambda self, cells: nothing)
    assert proof.main(["01"]) == 1
    assert "4 functions ran, 4 of them unsealed" in capsys.readouterr().out
