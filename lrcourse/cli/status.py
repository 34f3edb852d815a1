"""``lrcourse status``: how far a learner is, chapter by chapter."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from lrcourse.cli.places import NotMeant, own_folder
from lrcourse.grading.points import bar_of
from lrcourse.grading.standing import Progress, summary
from lrcourse.learner.progress import progress_in

SHOWN, CANNOT_WORK = 0, 4
_NAME = 17  # columns


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the parser's `commands`."""
    parser = commands.add_parser(
        "status",
        help="show how far you are, and what comes next",
        description="Show how far you are, from the saved notebooks. Only what changed "
        "since the last time is run. Exit status: 0 shown, 4 there is no folder of the "
        "course here.",
    )
    parser.add_argument("folder", nargs="?", type=Path, help="default: where you are")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Print the progress in a folder and return the exit status."""
    try:
        found = progress_in(own_folder(chosen.folder))
    except NotMeant as error:
        print(f"lrcourse status: {error}", file=sys.stderr)
        return CANNOT_WORK
    print("\n".join(lines(found, sys.stdout.encoding or "utf-8")))
    return SHOWN


def lines(found: Sequence[Progress], encoding: str = "utf-8") -> list[str]:
    """Return the progress as lines of text, a line for each exercise."""
    shown = [_line(each, encoding) for each in found]
    shown += ["", *summary(found)]
    shown += [f"{each.slug}: {each.problem}" for each in found if each.problem]
    return shown


def _line(progress: Progress, encoding: str) -> str:
    """Return one exercise in at most forty columns: its bar, answers and points."""
    asked = len(progress.standings)
    share = progress.solved / asked if asked else 0
    if progress.solved:
        share = max(share, 0.1)  # a first answer shows
    count = f"{progress.solved}/{asked}"
    points = f"{progress.points:g} p" if progress.points else ""
    name = progress.slug[:_NAME]
    return f"{name:<{_NAME}} {bar_of(share, encoding)} {count:>5} {points}".rstrip()
