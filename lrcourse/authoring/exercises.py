"""Exercise notebooks out of solution notebooks.

``python -m lrcourse.authoring.exercises`` makes them.

The solution notebook is the source; the questions from earlier chapters that end it are
written first, see `recalls`. What stands between ``### BEGIN SOLUTION`` and
``### END SOLUTION`` becomes a line that raises; cells tagged `solution` are left out.
An exercise notebook remembers a digest of its sources, so that one a learner has worked
in is recognised and left alone.
"""

import argparse
import hashlib
import json
import re
import shutil
import sys
from pathlib import Path
from typing import Any

from lrcourse.authoring.recalls import solution_text

STUB = 'raise NotImplementedError("replace this line with your answer")'
_SOLUTION = re.compile(
    r"^([ \t]*)### BEGIN SOLUTION\n.*?^[ \t]*### END SOLUTION$",
    re.DOTALL | re.MULTILINE,
)


def exercise_text(solution: Path) -> str:
    """Return the exercise notebook made from `solution`, as its file's text.

    Raises:
        ValueError: a BEGIN SOLUTION without its END, or the other way round.
    """
    import nbformat

    notebook = nbformat.read(solution, as_version=4)
    cells = [cell for cell in notebook.cells if not _is_explanation(cell)]
    for number, cell in enumerate(cells, start=1):
        cell.metadata = {}
        if cell.cell_type == "code":
            cell.source = _stubbed(cell.source, f"{solution.name}, cell {number}")
            cell.outputs, cell.execution_count = [], None
    notebook.cells = cells
    notebook.metadata = {"kernelspec": notebook.metadata["kernelspec"]}
    notebook.metadata["lrcourse"] = {"digest": _digest(cells)}
    text: str = nbformat.writes(notebook)
    return text + "\n"


def is_edited(exercise: Path) -> bool:
    """Tell whether somebody has changed an exercise notebook since it was made.

    A file that cannot be read as a notebook counts as theirs too.
    """
    try:
        document = json.loads(exercise.read_text(encoding="utf-8"))
        made = document["metadata"]["lrcourse"]["digest"]
        return bool(_digest(document["cells"]) != made)
    except (ValueError, KeyError, TypeError):
        return True


def generate(solutions: Path, exercises: Path, force: bool = False) -> list[str]:
    """Write every exercise notebook; return a sentence about each that was touched.

    One that was edited is left alone, or with `force` kept beside as ``.bak``.
    """
    said = []
    for solution in sorted(solutions.glob("*.ipynb")):
        target = exercises / solution.name
        whole = solution_text(solution, exercises / "checks")
        if whole != solution.read_text(encoding="utf-8"):
            solution.write_text(whole, encoding="utf-8", newline="\n")
            said.append(f"{solution} is written: questions from earlier chapters")
        text = exercise_text(solution)
        if target.exists() and _read(target) == text:
            continue
        if target.exists() and is_edited(target):
            if not force:
                said.append(f"{target} holds somebody's work and is left as it is")
                continue
            shutil.copy2(target, target.with_suffix(".ipynb.bak"))
            said.append(f"{target} is kept as {target.name}.bak")
        target.write_text(text, encoding="utf-8", newline="\n")
        said.append(f"{target} is written")
    return said


def problems(solutions: Path, exercises: Path, strict: bool = False) -> list[str]:
    """Return a sentence for each notebook that is not what its sources make of it.

    An edited one counts only when `strict`.
    """
    found = []
    for solution in sorted(solutions.glob("*.ipynb")):
        target = exercises / solution.name
        whole = solution_text(solution, exercises / "checks")
        if whole != solution.read_text(encoding="utf-8"):
            found.append(
                f"{solution} does not ask the questions from earlier chapters that it "
                "should: run make exercises"
            )
        if not target.exists():
            found.append(f"{target} is missing: run make exercises")
        elif _read(target) != exercise_text(solution) and (
            strict or not is_edited(target)
        ):
            found.append(f"{target} is not what {solution} makes: run make exercises")
    return found


def main(arguments: list[str] | None = None) -> int:
    """Generate, or with ``--check`` compare byte for byte."""
    parser = argparse.ArgumentParser(prog="python -m lrcourse.authoring.exercises")
    parser.add_argument("--solutions", type=Path, default=Path("solutions"))
    parser.add_argument("--exercises", type=Path, default=Path("exercises"))
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    parser.add_argument("--strict", action="store_true", help="edited notebooks count")
    parser.add_argument("--force", action="store_true", help="replace edited notebooks")
    chosen = parser.parse_args(arguments)
    if chosen.check:
        found = problems(chosen.solutions, chosen.exercises, chosen.strict)
        print("\n".join(found) or "every exercise is what its solution makes of it")
        return 1 if found else 0
    said = generate(chosen.solutions, chosen.exercises, chosen.force)
    print("\n".join(said) or "every exercise is up to date")
    return 0


def _is_explanation(cell: Any) -> bool:
    return "solution" in cell.metadata.get("tags", [])


def _stubbed(source: str, place: str) -> str:
    stubbed = _SOLUTION.sub(lambda match: match[1] + STUB, source)
    if "### BEGIN SOLUTION" in stubbed or "### END SOLUTION" in stubbed:
        raise ValueError(f"{place}: BEGIN SOLUTION and END SOLUTION do not pair up")
    return stubbed


def _digest(cells: list[Any]) -> str:
    sources = [[cell["cell_type"], "".join(cell["source"])] for cell in cells]
    return hashlib.sha256(json.dumps(sources).encode()).hexdigest()


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


if __name__ == "__main__":
    sys.exit(main())
