"""The two kinds of row in the bank, and how a row becomes a notebook's file."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent
from typing import Any

from lrcourse.grading.notebook import read_cells
from tests import ROOT

Document = dict[str, Any]

_THROUGH_THE_DOOR = """
def exponential_lr(step, base_lr, gamma):
    return exponential(base_lr, gamma)(step)
"""


@dataclass(frozen=True)
class Attempt:
    """A submission by somebody who does not know the answer and wants its points.

    `points` is what an honest wrong answer of the same shape earns, and `because` says
    for what. In `source` and `files`, MARKER stands for a file that must never appear,
    CLASSMATE for another learner's notebook.
    """

    name: str
    source: str
    answer: str = "exponential_lr"
    exercise: str = "06_decay_formulas"
    points: float = 0
    because: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    metadata: Mapping[str, Any] = field(default_factory=dict)
    outputs: Sequence[Document] = ()


@dataclass(frozen=True)
class Learner:
    """A submission by somebody who knows the answers, made from the solution's cells.

    `instead` replaces the cell of an answer, `before` and `after` are cells around all
    others, `arrange` reorders the cells, `document` and `encode` change the file.
    """

    name: str
    instead: Mapping[str, str] = field(default_factory=dict)
    before: Sequence[str] = ()
    after: Sequence[str] = ()
    answers: Sequence[str] = ("exponential_lr",)
    exercise: str = "06_decay_formulas"
    arrange: Callable[[list[str]], list[str]] = list
    document: Callable[[Document], Document] = dict
    encode: Callable[[str], bytes] = str.encode


def door(name: str, code: str) -> Attempt:
    """Return an attempt whose `code` gets at somebody else's `exponential`."""
    return Attempt(name, f"{dedent(code)}\n{_THROUGH_THE_DOOR}")


def save_attempt(attempt: Attempt, folder: Path, places: Mapping[str, str]) -> Path:
    """Write the attempt's folder and return its notebook."""
    for name, text in attempt.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(filled(text, places))
    document = notebook([filled(attempt.source, places)])
    document["metadata"] = dict(attempt.metadata)
    document["cells"][0]["metadata"] = dict(attempt.metadata)
    document["cells"][0]["outputs"] = list(attempt.outputs)
    path = folder / f"{attempt.exercise}.ipynb"
    path.write_text(json.dumps(document))
    return path


def save_learner(learner: Learner, folder: Path) -> Path:
    """Write the learner's notebook and return its file."""
    sources = [cell.source for cell in read_cells(solution(learner.exercise))]
    for name, source in learner.instead.items():
        defines = re.compile(rf"^(def|class) {name}\b", re.MULTILINE)
        place = next(n for n, old in enumerate(sources) if defines.search(old))
        sources[place] = source
    cells = learner.arrange([*learner.before, *sources, *learner.after])
    path = folder / f"{learner.exercise}.ipynb"
    document = learner.document(notebook(cells))
    path.write_bytes(learner.encode(json.dumps(document, ensure_ascii=False)))
    return path


def notebook(sources: Sequence[str]) -> Document:
    """Return a notebook of code cells, as JupyterLab writes it."""
    cells = [
        {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
        | {"source": source, "id": f"cell-{number}"}
        for number, source in enumerate(sources)
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def solution(exercise: str) -> Path:
    """Return the solution notebook of an exercise."""
    return ROOT / "solutions" / f"{exercise}.ipynb"


def filled(text: str, places: Mapping[str, str]) -> str:
    """Return `text` with the names of places replaced by paths."""
    for name, path in places.items():
        text = text.replace(name, path)
    return text
