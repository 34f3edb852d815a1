"""One submission graded: the engine behind the command line and the class grader."""

from dataclasses import dataclass
from pathlib import Path

from lrcourse._course import course_folder
from lrcourse.grading.entrances.checkers import checkers_for
from lrcourse.grading.entrances.client import Checker
from lrcourse.grading.exercise import exercises_in
from lrcourse.grading.sandbox.jail import Level
from lrcourse.grading.seeds import generator, secret_bytes
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
    notebook: Path | str,
    *,
    exercise: str = "",
    student: str = "",
    secret: bytes | str = b"",
    checks: Path | str | None = None,
    trust_students: bool = False,
    show_hidden: bool = False,
) -> Submission:
    """Run an exercise's checks on a notebook, its code confined.

    It may be called by several threads, and by processes that were forked after a call.

    Args:
        notebook: The file. It is only read; what lies beside it is not looked at.
        exercise: Which exercise it is; by default the one it is named after, or, where
            it was renamed, the one whose answers it defines.
        student: Whose it is, for the report and for the hidden parameters.
        secret: Draws other hidden parameters for every student, see `seeds`. A text
            stands for its bytes in UTF-8.
        checks: The folder of checks; by default the course's own.
        trust_students: Grade even where their code could do harm (L1 and L0).
        show_hidden: With a secret, let the verdicts of hidden checks show the calls and
            values too. A student who is told these can write them into an answer.

    Raises:
        FileNotFoundError: There is no such file, or no checks.
        ValueError: The notebook is a link or no notebook, or belongs to no exercise
            here; a secret without a student, or one too short.
        NotConfined: This machine cannot confine others' code, and they are not trusted.
        RuntimeError: The checks are broken, or the code could not be run here at all.
    """
    notebook = Path(notebook)
    secret = secret_bytes(secret)
    if secret:
        generator("", "", student, secret)  # refuses what would not be secret
    _require_notebook(notebook)
    folder = _checks_in(checks)
    with checkers_for(folder, secret).lent() as checker:
        if not trust_students:
            _require_confinement(checker)
        reply = checker.grade(notebook, exercise, student, show_hidden)
    if "refused" in reply:
        raise ValueError(reply["refused"])
    verdicts = tuple(Verdict(**verdict) for verdict in reply["verdicts"])
    return Submission(reply["exercise"], student, verdicts)


def _require_notebook(notebook: Path) -> None:
    if notebook.is_symlink():
        raise ValueError(f"{notebook} is a link: hand in the file itself")
    if notebook.is_dir():
        raise ValueError(f"{notebook} is a folder: name the notebook in it")
    if not notebook.is_file():
        raise FileNotFoundError(f"no such notebook: {notebook}")
    if notebook.suffix == ".py":
        raise ValueError(
            f"{notebook} is a Python file: answers are graded from the notebook, "
            f"{notebook.stem}.ipynb"
        )


def _checks_in(asked: Path | str | None) -> Path:
    """Return the folder of checks that was asked for, or else the course's own."""
    found = Path(asked or course_folder() / "exercises" / "checks")
    if not found.is_dir():
        raise FileNotFoundError(f"no folder of checks: {found}")
    if not exercises_in(found):
        raise FileNotFoundError(
            f"{found} holds no checks: a folder of checks has a folder for each "
            "exercise, with its exercise.py and a test_<answer>.py for each answer"
        )
    return found.resolve()


def _require_confinement(checker: Checker) -> None:
    checker.wait_until_ready()
    level = Level[checker.level]
    if level < Level.L2:
        raise NotConfined(
            f"this machine runs others' code at {level.name} only ({level.sentence}): "
            "`lrcourse doctor` shows what that leaves open. Grade on Linux, or say "
            "that you trust these students: trust_students=True"
        )
