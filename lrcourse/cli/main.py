"""The ``lrcourse`` command: ``check``, ``doctor``, ``new``, ``audit``, ``convert``."""

import argparse
import io
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from lrcourse.cli import audit, convert, new

if TYPE_CHECKING:
    from lrcourse.grading.verdict import AnswerResult

NOTHING_WRONG, SOMETHING_WRONG, CANNOT_WORK = 0, 1, 4  # argparse's usage error is 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    chosen = _parser().parse_args(arguments)
    _print_whatever_it_is()
    status: int = chosen.run(chosen)
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="lrcourse", description="A course's helper.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    checking = commands.add_parser(
        "check",
        help="run the checks of your exercises and add up the points",
        description="Run the checks of your exercises. Exit status: 0 nothing is "
        "wrong (blanks do not count), 1 a check failed, 2 usage, 4 nothing to check.",
    )
    checking.add_argument(
        "notebooks",
        nargs="*",
        type=Path,
        metavar="NOTEBOOK",
        help="files or folders; default: the exercises you are in or above",
    )
    checking.set_defaults(run=lambda chosen: check(chosen.notebooks))
    doctor_ = commands.add_parser(
        "doctor", help="show how well this machine confines a learner's code"
    )
    doctor_.set_defaults(run=lambda chosen: doctor())
    new.add_to(commands)
    audit.add_to(commands)
    convert.add_to(commands)
    return parser


def _print_whatever_it_is() -> None:
    """Spell out what standard output cannot write, as a file on Western Windows."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def check(places: Sequence[Path]) -> int:
    """Grade one's own notebooks and print the account of each."""
    from lrcourse.grading.entrances.submission import grade_submission
    from lrcourse.grading.points import points_table
    from lrcourse.grading.sandbox.jail import Level

    notebooks = _notebooks(places)
    if not notebooks:
        return _cannot("no exercise notebooks here: name a notebook or a folder")
    level, wrong = "", False
    for notebook, checks in notebooks:
        try:
            graded = grade_submission(notebook, checks=checks, trust_students=True)
        except (OSError, ValueError, RuntimeError) as error:
            return _cannot(str(error))
        encoding = sys.stdout.encoding or "utf-8"
        table = points_table(graded.answers, reasons=True, encoding=encoding)
        print("\n".join([*table, *_known(graded.answers, checks), ""]))
        level = graded.verdicts[0].level
        wrong = wrong or any(result.failed for result in graded.answers)
    print(f"Your code ran at {level}: {Level[level].sentence}.")
    return SOMETHING_WRONG if wrong else NOTHING_WRONG


def _known(results: "Sequence[AnswerResult]", checks: Path) -> list[str]:
    """Return a line that says what is missing before the chapter counts as known."""
    from lrcourse.grading.entrances.known import known_of
    from lrcourse.grading.exercise import Exercise

    passed = {each.answer for each in results if each.outcome == "passed"}
    known = known_of(Exercise(results[0].exercise, checks), passed.__contains__)
    done = len(passed) == len(results)
    return [f"  {known.text}"] if known and not done else []


def doctor() -> int:
    """Try here what confinement must stop, and print what it stops."""
    from lrcourse.grading.entrances.doctor import ONLY_HONESTY, try_everything
    from lrcourse.grading.sandbox.jail import best_level

    level = best_level()
    print(f"A learner's code runs at {level.name}: {level.sentence}.\n")
    for row in try_everything(level):
        print(f"  {'stopped    ' if row.stopped else 'NOT STOPPED'}  {row.attempt}")
    print(f"\n{ONLY_HONESTY}")
    return NOTHING_WRONG


def _notebooks(places: Sequence[Path]) -> list[tuple[Path, Path]]:
    """Return the notebooks that have checks, each with its folder of checks."""
    from lrcourse.grading.exercise import checks_folder, exercise_of

    if not places:
        checks = checks_folder(Path.cwd()) or checks_folder(Path("exercises"))
        places = [checks.parent] if checks else []
    found = []
    for place in places:
        checks = checks_folder(place if place.is_dir() else place.parent)
        if place.is_dir():
            files = [
                path for path in sorted(place.glob("*.ipynb")) if exercise_of(path)
            ]
        else:
            files = [place]
        found += [(path, checks) for path in files if checks]
    return found


def _cannot(why: str) -> int:
    print(f"lrcourse: {why}", file=sys.stderr)
    return CANNOT_WORK


if __name__ == "__main__":
    sys.exit(main())
