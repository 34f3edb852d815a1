"""A notebook from outside the course brings no code of its own into pytest.

pytest runs the ``conftest.py`` beside what it is given, in the process that holds the
checks: whoever hands in a notebook could hand in the grade with it. What a file with
settings names by ``-p`` has been loaded before any plugin is asked; others' notebooks
are for `grade_submission`, which looks at nothing beside them.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from lrcourse.grading.exercise import exercise_of

_OURS = ("book", "exercises", "solutions")  # the course's own folders of notebooks


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(
    early_config: pytest.Config, args: Sequence[str]
) -> None:
    """Refuse a notebook beside which pytest would find code or settings to follow.

    Raises:
        UsageError: there is a conftest.py, or a file with settings for pytest.
    """
    for argument in args if not early_config.known_args_namespace.noconftest else ():
        notebook = early_config.invocation_params.dir / argument.split("::")[0]
        for path in _obeyed(early_config, _foreign_folders(notebook)):
            raise pytest.UsageError(
                f"{notebook.name} lies outside the course, and pytest would run or "
                f"follow what lies there too: {path}. Grade the notebook apart from "
                f"it: lrcourse check {notebook}"
            )


def _obeyed(config: pytest.Config, folders: Sequence[Path]) -> Iterator[Path]:
    """Yield the files in `folders` that pytest runs as code or takes settings from."""
    here, cut = config.invocation_params.dir, config.known_args_namespace.confcutdir
    beyond = (here / cut).parents  # it does not look there
    for folder in folders:
        conftest = folder / "conftest.py"
        if folder not in beyond and conftest.is_file():
            yield conftest
        if config.inipath is not None and config.inipath.parent == folder:
            yield config.inipath


def _foreign_folders(notebook: Path) -> list[Path]:
    """Return the folders around a foreign notebook that do not hold the course too."""
    if notebook.suffix != ".ipynb" or not notebook.is_file():
        return []
    place = notebook.resolve()
    exercise = exercise_of(place)
    if exercise is None:
        return []
    course = exercise.checks.resolve().parents[1]
    if place.parent in (exercise.checks.parent, *(course / name for name in _OURS)):
        return []
    around = [*notebook.absolute().parents, *place.parents]  # pytest follows no links
    return [each for each in around if each not in (course, *course.parents)]
