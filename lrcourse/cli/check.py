"""``lrcourse check``: the checks of notebooks, exercises or single answers."""

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lrcourse.cli.places import NotMeant, meant_by, own_folder
from lrcourse.grading.exercise import Exercise, checks_folder, exercise_of
from lrcourse.grading.known import known_of
from lrcourse.grading.notebook import NotebookUnreadable, read_cells
from lrcourse.grading.points import points_table
from lrcourse.grading.verdict import AnswerResult, Verdict, by_answer
from lrcourse.learner.folder import folder_around
from lrcourse.learner.progress import remember

NOTHING_WRONG, SOMETHING_WRONG, CANNOT_WORK = 0, 1, 4  # argparse's usage error is 2
_SECONDS = 0.3  # between two looks at the files
_CLEAR = "\033[2J\033[H"


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the parser's `commands`."""
    parser = commands.add_parser(
        "check",
        help="run the checks of your exercises and add up the points",
        description="Run the checks of your exercises. Exit status: 0 nothing is "
        "wrong (blanks do not count), 1 a check failed, 2 usage, 4 nothing to check.",
    )
    parser.add_argument(
        "what",
        nargs="*",
        metavar="EXERCISE|ANSWER|NOTEBOOK",
        help="06, cosine_lr, a file or a folder; default: the exercises you are in",
    )
    parser.add_argument(
        "--watch", action="store_true", help="check again whenever you save"
    )
    parser.set_defaults(run=run)


@dataclass(frozen=True)
class Target:
    """A notebook, the folder of its checks, and the `answer` that is asked about."""

    notebook: Path
    checks: Path
    answer: str = ""


def run(chosen: argparse.Namespace) -> int:
    """Check once, or whenever a notebook is saved; return the exit status."""
    try:
        targets = [each for word in chosen.what or [""] for each in targets_of(word)]
        if not targets:
            raise NotMeant("no exercise notebooks here: name a notebook or a folder")
        return watch(targets) if chosen.watch else check(targets)
    except BrokenPipeError:
        raise
    except (NotMeant, NotebookUnreadable, OSError, ValueError, RuntimeError) as error:
        print(f"lrcourse: {error}", file=sys.stderr)
        return CANNOT_WORK


def targets_of(word: str) -> list[Target]:
    """Return what `word` asks for: a path, an exercise, an answer; "" where one is.

    Raises:
        NotMeant: it stands for nothing here.
    """
    place = Path(word)
    if not word:
        return _in_folder(_here())
    if place.is_dir():
        return _in_folder(place)
    if place.suffix == ".ipynb" or place.exists():
        checks = checks_folder(place.parent)
        return [Target(place, checks)] if checks else []
    meant = meant_by(word, own_folder())
    checks = checks_folder(meant.notebook.parent)
    return [Target(meant.notebook, checks, meant.answer)] if checks else []


def check(targets: Sequence[Target]) -> int:
    """Print what the checks say of `targets` and return the exit status.

    Raises:
        OSError: a notebook is not there.
        ValueError: one is none, or no exercise's.
        RuntimeError: the checks could not be run.
    """
    wrong, level = False, ""
    encoding = sys.stdout.encoding or "utf-8"
    for target in targets:
        results, level = _results(target)
        table = points_table(results, True, encoding)
        print("\n".join([*table, *_known(target, results), ""]))
        wrong = wrong or any(result.failed for result in results)
    from lrcourse.grading.sandbox.jail import Level  # here: it is not light

    print(f"Your code ran at {level}: {Level[level].sentence}.")
    return SOMETHING_WRONG if wrong else NOTHING_WRONG


def _known(target: Target, results: Sequence[AnswerResult]) -> list[str]:
    """Return a line that says what is missing before the chapter counts as known."""
    passed = {each.answer for each in results if each.outcome == "passed"}
    if target.answer or not results or len(passed) == len(results):
        return []
    exercise = Exercise(results[0].exercise, target.checks)
    known = known_of(exercise, passed.__contains__)
    return [f"  {known.text}"] if known else []


def watch(targets: Sequence[Target]) -> int:
    """Check `targets`, and again what was saved since, until Ctrl+C ends it.

    What is wrong comes before what holds, so that it is seen without scrolling.
    """
    seen: dict[Target, float] = {}
    try:
        while True:
            saved = [each for each in targets if _moment(each) != seen.get(each)]
            if saved:
                seen |= {each: _moment(each) for each in saved}
                _show(saved)
            time.sleep(_SECONDS)
    except KeyboardInterrupt:
        return NOTHING_WRONG


def _show(targets: Sequence[Target]) -> None:
    """Print what the checks say of `targets`, in a terminal over what was there."""
    encoding = sys.stdout.encoding or "utf-8"
    shown = []
    for target in targets:
        try:
            results, _ = _results(target)
        except (OSError, ValueError, RuntimeError) as error:
            shown.append(f"{target.notebook.name}: {error}")
            continue
        order = ("failed", "not started", "passed")
        results.sort(key=lambda result: order.index(result.outcome))
        shown += points_table(results, True, encoding)
    clear = _CLEAR if sys.stdout.isatty() else ""
    at = time.strftime("%H:%M:%S")
    shown += ["", f"{at}: waiting for the next save; Ctrl+C ends."]
    print(clear + "\n".join(shown), flush=True)


def _results(target: Target) -> tuple[list[AnswerResult], str]:
    """Return what the checks say, and the level at which the code was confined."""
    if target.answer:
        # here, because other commands need no checking process
        from lrcourse.grading.entrances.client import Checker

        checker = Checker(target.notebook.parent, checks=target.checks)
        try:
            found = checker.check(target.answer, read_cells(target.notebook))
        finally:
            checker.close()
        results = by_answer(Verdict(**verdict) for verdict in found["verdicts"])
        return results, checker.level
    from lrcourse.grading import grade_submission

    graded = grade_submission(
        target.notebook, checks=target.checks, trust_students=True
    )
    if folder := folder_around(target.notebook.parent):
        remember(folder, target.notebook, graded.answers)
    return graded.answers, graded.verdicts[0].level


def _moment(target: Target) -> float:
    return target.notebook.stat().st_mtime if target.notebook.exists() else 0.0


def _here() -> Path:
    """Return the folder of exercises that the learner is in or above."""
    here = Path.cwd()
    folder = folder_around(here)
    if (here / "checks").is_dir() or folder is None:
        checks = checks_folder(here) or checks_folder(Path("exercises"))
        return checks.parent if checks and checks.parent != here else here
    return folder.exercises


def _in_folder(place: Path) -> list[Target]:
    checks = checks_folder(place)
    notebooks = [path for path in sorted(place.glob("*.ipynb")) if exercise_of(path)]
    return [Target(path, checks) for path in notebooks] if checks else []
