"""Do the checks see every slip? Each mutant of each reference, against its checks.

``python -m lrcourse.grading.mistakes.score`` prints the table. A mutant is
graded through the wire and the same asserts as a submission; only the second process
is left out.
"""

import argparse
import inspect
import math
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np

from lrcourse.grading.answers.submitted import Answers
from lrcourse.grading.exercise import Exercise, Reference, checks_folder, load
from lrcourse.grading.mistakes.budget import call_within
from lrcourse.grading.mistakes.mutants import Mutant
from lrcourse.grading.sandbox.codec import Link, ObjectLink
from lrcourse.grading.sandbox.guest.definitions import Definitions
from lrcourse.grading.sandbox.guest.worker import Worker
from lrcourse.grading.sandbox.messages import (
    AnswerCallback,
    Attribute,
    Call,
    CallbackCall,
    CallbackReply,
    Load,
    Loaded,
    Reply,
    Request,
)
from lrcourse.grading.seeds import generator

SEEDS = 20
_SECRET = b"no class's: the mutation run's own"
_COLUMN = 12
_LIBRARIES = ("builtins", "numpy")

Check = Callable[..., None]
Fate = Literal["public", "hidden", "equivalent", "survivor"]


class InProcess(Worker):
    """Answers requests as the learner's interpreter does, with names it is given."""

    def __init__(self, names: dict[str, Any]) -> None:
        # no pipes and no jail: what runs here is ours
        self.objects: list[Any] = []
        self.defined = Definitions(lambda title: None)
        self.defined.names.update(names)
        self._callback: AnswerCallback | None = None
        self.seconds_left = math.inf

    def ask(self, request: Request, callback: AnswerCallback | None = None) -> Reply:
        """Return the reply to one request; there is nothing to load."""
        self._callback = callback
        match request:
            case Call():
                reply: Reply = call_within(self.call, request)
            case Attribute():
                reply = call_within(self.attribute, request)
            case Load():
                reply = Loaded()
        return reply

    def printed(self) -> str:
        """Return nothing: a reference prints nothing."""
        return ""

    def kill(self) -> None:
        """Do nothing: there is no process to end."""

    def export(self, value: Any) -> Link | None:
        """Number the objects of a known mistake's class too: its module is another."""
        link = super().export(value)
        if link is None and type(value).__module__ not in _LIBRARIES:
            self.objects.append(value)
            link = ObjectLink(len(self.objects) - 1)
        return link

    def call_back(self, call: CallbackCall) -> CallbackReply:
        """Call a check's own function directly."""
        assert self._callback is not None
        return self._callback(call)


@dataclass(frozen=True)
class Checks:
    """An exercise's check functions by the answer that they grade."""

    exercise: str
    public: dict[str, list[Check]]
    hidden: dict[str, list[Check]]


def checks_of(exercise: Exercise) -> Checks:
    """Return the checks of an exercise; those that take `rng` are the hidden ones."""
    module = load(exercise.check_file)
    found = Checks(
        exercise.slug,
        {answer: [] for answer in module.HINTS},
        {answer: [] for answer in module.HINTS},
    )
    for name, check in vars(module).items():
        if name.startswith("test_"):
            wanted = inspect.signature(check).parameters
            owner = next(each for each in wanted if each in module.HINTS)
            (found.hidden if "rng" in wanted else found.public)[owner].append(check)
    return found


def in_process(names: dict[str, Any]) -> Answers:
    """Return answers that are found in `names` and run in this process."""
    worker = InProcess(names)
    return Answers([], (), lambda: worker)


def failing(
    checks: Sequence[Check], answers: Answers, exercise: str, seed: int = 0
) -> Iterator[tuple[str, Exception]]:
    """Yield the checks that `answers` fails, with what they raised.

    `seed` 0 draws the learner's own settings, every other one a student's.
    """
    for check in checks:
        try:
            # as in the learner's interpreter, where nobody reads warnings
            with np.errstate(all="ignore"):
                check(**_arguments(check, answers, exercise, seed))
        except Exception as error:  # whatever ends a check earns no point
            yield check.__name__, error


def fate(mutant: Mutant, reference: Reference, checks: Checks, seeds: int) -> Fate:
    """Return which checks see the mutant: public ones alone, or with hidden ones."""
    name, exercise = reference.name, checks.exercise
    public, hidden = checks.public[name], checks.hidden[name]
    names = reference.names | {name: mutant.function(reference.names)}

    def fails(some: Sequence[Check], seed: int) -> bool:
        return any(failing(some, in_process(names), exercise, seed))

    if fails(public, 0):
        return "public"
    seen = any(fails(hidden, seed) for seed in range(1, seeds + 1))
    return "hidden" if seen else "survivor"


def fates(exercise: Exercise, seeds: int = SEEDS) -> Iterator[tuple[Mutant, Fate]]:
    """Yield every mutant of the exercise's references with its fate.

    Survivors that the exercise's mistakes file lists are called equivalent.

    Raises:
        RuntimeError: a check fails for the reference itself, so that it would fail
            for every mutant too.
    """
    checks, equivalent = checks_of(exercise), exercise.equivalent_mutants()
    references = exercise.references()
    for name in checks.public:
        _require_right(references[name], checks)
        for mutant in references[name].mutants:
            found = fate(mutant, references[name], checks, seeds)
            listed = found == "survivor" and mutant.change in equivalent
            yield mutant, "equivalent" if listed else found


def _require_right(reference: Reference, checks: Checks) -> None:
    name, answers = reference.name, in_process(reference.names)
    some = checks.public[name] + checks.hidden[name]
    for check, error in failing(some, answers, checks.exercise):
        raise RuntimeError(
            f"{check} fails for the solution's own {name}, so it would fail for "
            f"everybody: mend that first ({type(error).__name__}: {error})"
        )


def table(exercise: Exercise, seeds: int = SEEDS) -> tuple[list[str], bool]:
    """Return a line for each answer, and whether nothing goes unseen.

    Below the lines stand the slips that no check sees, as they change the reference.
    """
    found = list(fates(exercise, seeds))
    lines = []
    for answer in dict.fromkeys(mutant.answer for mutant, _ in found):
        counts = Counter(fate for mutant, fate in found if mutant.answer == answer)
        numbers = [counts.total(), *(counts[fate] for fate in get_args(Fate))]
        row = "".join(f"{number:>{_COLUMN}}" for number in numbers)
        lines.append(f"{exercise.slug:<20}{answer:<24}{row}")
    unseen = [mutant for mutant, fate in found if fate == "survivor"]
    for mutant in unseen:
        lines += [f"  {mutant.answer}", f"  - {mutant.before}", f"  + {mutant.after}"]
    return lines, not unseen


def _arguments(
    check: Check, answers: Answers, exercise: str, seed: int
) -> dict[str, Any]:
    student = (f"{seed}", _SECRET) if seed else ()
    wanted = inspect.signature(check).parameters
    given: dict[str, Any] = {name: getattr(answers, name) for name in wanted}
    if "answers" in wanted:
        given["answers"] = answers
    if "rng" in wanted:
        given["rng"] = generator(check.__name__, exercise, *student)
    return given


def main() -> int:
    """Print the table; return 1 if a slip goes unseen that is not listed."""
    parser = argparse.ArgumentParser(prog="python -m lrcourse.grading.mistakes.score")
    parser.add_argument("slugs", nargs="*", help="exercises; all if none is named")
    parser.add_argument("--seeds", type=int, default=SEEDS, help="students to try")
    options = parser.parse_args()
    checks = checks_folder(Path.cwd())
    if checks is None:
        parser.error("no exercises found: run this in the course's folder")
    heads = "".join(f"{head:>{_COLUMN}}" for head in ("mutants", *get_args(Fate)))
    print(f"{'seen by':<44}{heads}")
    all_seen = True
    for path in sorted(checks.glob("test_*.py")):
        exercise = Exercise(path.stem.removeprefix("test_"), checks)
        if not options.slugs or exercise.slug in options.slugs:
            lines, seen = table(exercise, options.seeds)
            print("\n".join(lines), flush=True)
            all_seen = all_seen and seen
    return int(not all_seen)


if __name__ == "__main__":
    sys.exit(main())
