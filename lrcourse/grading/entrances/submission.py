"""One submission graded: the engine behind the command line and the class grader."""

import atexit
import functools
from dataclasses import dataclass
from pathlib import Path

from lrcourse.grading.entrances.client import Checker
from lrcourse.grading.exercise import checks_folder
from lrcourse.grading.sandbox.jail import Level
from lrcourse.grading.seeds import generator
from lrcourse.grading.verdict import AnswerResult, Verdict, by_answer


class NotConfined(RuntimeError):
    """Others' code cannot be run here without risk; the message says what to do."""


@dataclass(frozen=True)
class Submission:
    """What the checks of `exercise` found in one notebook."""

    exercise: str
    student: str
    verdicts: tuple[Verdict, ...]

    @property
    def answers(self) -> list[AnswerResult]:
        """What the verdicts add up to, answer by answer."""
        return by_answer(self.verdicts)

    @property
    def points(self) -> float:
        """Points earned."""
        return sum(result.points for result in self.answers)

    @property
    def possible(self) -> float:
        """Points that could be earned."""
        return sum(result.possible for result in self.answers)


def grade_submission(
    notebook: Path,
    *,
    exercise: str = "",
    student: str = "",
    secret: bytes = b"",
    checks: Path | None = None,
    trust_students: bool = False,
) -> Submission:
    """Run an exercise's checks on a notebook, its code confined.

    Args:
        notebook: The file. It is only read; what lies beside it is not looked at.
        exercise: Which exercise it is; by default the one it is named after, or, where
            it was renamed, the one whose answers it defines.
        student: Whose it is, for the report and for the hidden parameters.
        secret: Draws other hidden parameters for every student, see `seeds`.
        checks: The folder of checks; by default the course's own.
        trust_students: Grade even where their code could do harm (L1 and L0).

    Raises:
        FileNotFoundError: There is no such file, or no checks.
        ValueError: The notebook is a link, or belongs to no exercise here; a secret
            without a student, or one too short.
        NotConfined: This machine cannot confine others' code, and they are not trusted.
    """
    if secret:
        generator("", "", student, secret)  # refuses what would not be secret
    _require_file(notebook)
    checks = checks or checks_folder(Path(__file__).parents[3] / "exercises")
    if checks is None or not checks.is_dir():
        raise FileNotFoundError(f"no folder of checks: {checks}")
    checker = _start_once(checks.resolve(), secret)
    if not trust_students:
        checker.wait_until_ready()
        _require_confinement(Level[checker.level])
    reply = checker.grade(notebook, exercise, student)
    if "refused" in reply:
        raise ValueError(reply["refused"])
    verdicts = tuple(Verdict(**verdict) for verdict in reply["verdicts"])
    return Submission(reply["exercise"], student, verdicts)


def _require_file(notebook: Path) -> None:
    if notebook.is_symlink():
        raise ValueError(f"{notebook} is a link: hand in the file itself")
    if not notebook.is_file():
        raise FileNotFoundError(f"no such notebook: {notebook}")


def _require_confinement(level: Level) -> None:
    if level < Level.L2:
        raise NotConfined(
            f"this machine runs others' code at {level.name} only ({level.sentence}): "
            "`lrcourse doctor` shows what that leaves open. Grade on Linux, or say "
            "that you trust these students: trust_students=True, on the command line "
            "--i-trust-these-students"
        )


@functools.cache
def _start_once(checks: Path, secret: bytes) -> Checker:
    """Return the checking process for `checks`, started once; it ends with this one."""
    checker = Checker(checks.parent, secret)
    atexit.register(checker.close)
    return checker
