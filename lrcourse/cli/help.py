"""``lrcourse hint``, ``solution`` and ``reset``: help with one answer."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from lrcourse.cli.places import (
    Meant,
    NotMeant,
    answer_meant_by,
    meant_by,
    own_folder,
)
from lrcourse.grading.exercise import exercise_of
from lrcourse.grading.notebook import NotebookUnreadable
from lrcourse.grading.solution import solution_of
from lrcourse.learner.folder import Folder
from lrcourse.learner.progress import Memory, progress_in
from lrcourse.learner.reset import CannotReset, reset_answer, reset_exercise

HELPED, NOT_YET, CANNOT_WORK = 0, 1, 4
_STILL_TO_EARN = "The points are still to be earned, by writing it yourself."
Help = Callable[[argparse.Namespace, Folder], int]


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the three commands to the parser's `commands`."""
    hinting = commands.add_parser(
        "hint",
        help="give the next hint for an answer",
        description="Give the next hint for an answer, after those given before.",
    )
    hinting.add_argument("answer", metavar="ANSWER")
    hinting.add_argument("--all", action="store_true", help="all of them at once")
    hinting.set_defaults(run=_said_if_it_cannot(hint))
    _add_solution_to(commands)
    resetting = commands.add_parser(
        "reset",
        help="begin an answer, or a whole exercise, anew",
        description="Put the course's cell of an answer, or all of an exercise, back "
        "in its place. What you had is kept beside, and said where.",
    )
    resetting.add_argument("what", metavar="ANSWER|EXERCISE")
    resetting.set_defaults(run=_said_if_it_cannot(reset))


def _add_solution_to(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
) -> None:
    parser = commands.add_parser(
        "solution",
        help="show the solution of an answer that you have solved",
        description="Show the solution of an answer, and its discussion. Before it is "
        "solved you have to give up: then one line of it is left to you, and the next "
        "time all is shown. That is remembered, and points are still earned by writing "
        "it. Exit status: 0 shown, 1 not yet, 4 there is none.",
    )
    parser.add_argument("answer", metavar="ANSWER")
    parser.add_argument("--give-up", action="store_true", help="show it unsolved")
    parser.set_defaults(run=_said_if_it_cannot(solution))


def hint(chosen: argparse.Namespace, folder: Folder) -> int:
    """Print the hints that an answer has got so far, and one more."""
    meant = answer_meant_by(chosen.answer, folder)
    exercise = exercise_of(meant.notebook)
    hints = getattr(exercise.check(meant.answer), "HINTS", ()) if exercise else ()
    if not hints:
        print(f"{meant.answer} has no hints: its question says all there is to say.")
        return HELPED
    memory = Memory.of(folder)
    given = min(len(hints), memory.hints.get(meant.answer, 0) + 1)
    memory.hints[meant.answer] = given = len(hints) if chosen.all else given
    memory.save(folder)
    for number, text in enumerate(hints[:given], start=1):
        print(f"Hint {number} of {len(hints)}: {text}")
    if given == len(hints):
        print(f"That was the last: `lrcourse solution {meant.answer} --give-up`.")
    return HELPED


def solution(chosen: argparse.Namespace, folder: Folder) -> int:
    """Print the solution of an answer that holds, or that is given up.

    Raises:
        NotMeant: the word is no answer, or there is no solution of it here.
    """
    meant = answer_meant_by(chosen.answer, folder)
    exercise = exercise_of(meant.notebook)
    found = solution_of(exercise.solution, meant.answer) if exercise else {}
    if not found:
        raise NotMeant(f"the course lies here without the solution of {meant.answer}")
    solved = _is_solved(meant, folder)
    if not solved and meant.answer not in Memory.of(folder).given_up:
        return _give_up(meant, folder) if chosen.give_up else _not_yet(meant)
    print(f"{found['source']}\n\n{found['discussion']}".rstrip())
    if not solved:
        print(f"\n{_STILL_TO_EARN}")
    return HELPED


def _not_yet(meant: Meant) -> int:
    print(
        f"{meant.answer} does not hold yet. `lrcourse hint {meant.answer}` gives the "
        "next hint; --give-up shows the solution with one line left to you."
    )
    return NOT_YET


def _give_up(meant: Meant, folder: Folder) -> int:
    """Remember it, and print the solution with a line left to the learner."""
    # here, because other commands need not know what is blank
    from lrcourse.grading.mistakes.blank import step_of
    from lrcourse.grading.mistakes.known import Mistakes

    memory = Memory.of(folder)
    memory.given_up.append(meant.answer)
    memory.save(folder)
    exercise = exercise_of(meant.notebook)
    assert exercise is not None  # it has a solution
    known = getattr(exercise.check(meant.answer), "MISTAKES", None)
    step = step_of(exercise.solution, meant.answer, known or Mistakes(see=""))
    if "blank" not in step:
        return solution(argparse.Namespace(answer=meant.answer, give_up=False), folder)
    print(f"{step['blank'].rstrip()}\n")
    print(f"`lrcourse solution {meant.answer}` shows it whole. {_STILL_TO_EARN}")
    return HELPED


def reset(chosen: argparse.Namespace, folder: Folder) -> int:
    """Put an answer or an exercise back as the course has it."""
    meant = meant_by(chosen.what, folder)
    kept: Path | None
    if meant.answer:
        kept = reset_answer(folder, meant.notebook, meant.answer)
        print(f"{meant.answer} is blank again in {meant.notebook.name}.")
    else:
        kept = reset_exercise(folder, meant.notebook)
        print(f"{meant.notebook.name} is as the course has it.")
    if kept:
        print(f"What you had: {kept}.")
    print("If it is open in JupyterLab, reload it there.")
    return HELPED


def _is_solved(meant: Meant, folder: Folder) -> bool:
    return any(
        standing.answer == meant.answer and standing.outcome == "passed"
        for progress in progress_in(folder)
        for standing in progress.standings
    )


def _said_if_it_cannot(help_: Help) -> Callable[[argparse.Namespace], int]:
    """Return the command `help_`, with a sentence where it cannot be followed."""

    def run(chosen: argparse.Namespace) -> int:
        try:
            return help_(chosen, own_folder())
        except BrokenPipeError:
            raise
        except (NotMeant, CannotReset, NotebookUnreadable, OSError) as error:
            said = str(error)
            if isinstance(error, OSError) and error.filename:
                said = f"{error.filename} cannot be written to ({error.strerror})"
            print(f"lrcourse: {said}", file=sys.stderr)
            return CANNOT_WORK

    return run
