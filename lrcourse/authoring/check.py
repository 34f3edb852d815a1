"""One exercise checked in seconds: ``python -m lrcourse.authoring.check 06``.

For each answer: the stub is not started, the solution earns every point, every known
mistake is caught by a public check and named, every mutant is seen by a check. Of an
answer of a kind of its own, such as cases, the stub and the solution only. Both are
graded in the checking process meanwhile, the rest runs in this one.
"""

import argparse
import contextlib
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from lrcourse.authoring.exercises import exercise_text
from lrcourse.grading.entrances.client import Checker
from lrcourse.grading.exercise import Exercise, checks_folder
from lrcourse.grading.mistakes.diagnosis import Diagnosis
from lrcourse.grading.mistakes.in_process import Checks, checks_of, in_process
from lrcourse.grading.mistakes.known import OutOfDate
from lrcourse.grading.mistakes.references import Mistake, Reference, references
from lrcourse.grading.mistakes.score import chosen, fates
from lrcourse.grading.verdict import Outcome, Verdict

EVERYTHING_HOLDS, SOMETHING_WRONG = 0, 1
_EXPECTED: dict[str, Outcome] = {"stub": "not started", "solution": "passed"}


@dataclass
class Report:
    """What was tried on one answer, and what is wrong with it, in sentences."""

    answer: str
    kind: str = ""
    mistakes: int = 0
    mutants: int = 0
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def lines(self) -> list[str]:
        """Return a line, and below it what is wrong."""
        tried = f"{self.mistakes:>3} mistakes, {self.mutants:>3} mutants"
        tried = f"{self.kind:<{len(tried)}}" if self.kind else tried
        standing = "WRONG" if self.wrong else "ok"
        head = f"  {self.answer:<27}{standing:<7}{tried}{self.seconds:>7.1f} s"
        return [head, *(f"    {line}" for line in self.wrong)]


def reports(exercise: Exercise) -> Iterator[Report]:
    """Yield what is found of each answer, in the order of the solution.

    Raises:
        ValueError: there is no solution, it lacks an answer that has a check file, or
            two tests have one name.
    """
    checks, known = checks_of(exercise), references(exercise)
    kinds = {name: kind.kind for name in checks if (kind := exercise.kind(name))}
    missing = [name for name in checks if name not in known and name not in kinds]
    if missing:
        raise ValueError(f"{exercise.solution} does not define {', '.join(missing)}")
    with ThreadPoolExecutor(1) as beside:
        graded = beside.submit(_graded, exercise)
        found = [
            Report(answer, kinds[answer])
            if answer in kinds
            else _report(known[answer], each)
            for answer, each in checks.items()
        ]
        for report in found:
            report.wrong[:0] = _otherwise(report.answer, graded)
            yield report


def _graded(exercise: Exercise) -> dict[str, list[Verdict]]:
    """Return the verdicts on the exercise's stubs and on its solution."""
    with contextlib.ExitStack() as after:
        folder = Path(after.enter_context(tempfile.TemporaryDirectory()))
        stubs = folder / exercise.solution.name
        stubs.write_text(exercise_text(exercise.solution), encoding="utf-8")
        checker = Checker(exercise.checks.parent)
        after.callback(checker.close)
        return {
            kind: [
                Verdict(**verdict)
                for verdict in checker.grade(notebook, exercise.slug, "")["verdicts"]
            ]
            for kind, notebook in (("stub", stubs), ("solution", exercise.solution))
        }


def _otherwise(
    answer: str, graded: "Future[dict[str, list[Verdict]]]"
) -> Iterator[str]:
    for kind, verdicts in graded.result().items():
        for verdict in verdicts:
            if verdict.answer == answer and verdict.outcome != _EXPECTED[kind]:
                because = f": {verdict.sentence}" if verdict.sentence else ""
                yield f"the {kind} is {verdict.outcome} at {verdict.test}{because}"


def _report(reference: Reference, checks: Checks) -> Report:
    start, report = time.perf_counter(), Report(reference.name)
    try:
        for mistake in reference.known:
            report.mistakes += 1
            report.wrong += _unnamed(mistake, reference, checks)
        for mutant, fate in fates(reference, checks):
            report.mutants += 1
            if fate == "survivor":
                report.wrong += ["no check sees this mutant, nor does EQUIVALENT:"]
                report.wrong += [f"- {mutant.before}", f"+ {mutant.after}"]
    except (OutOfDate, RuntimeError) as error:
        report.wrong.append(str(error))
    report.seconds = time.perf_counter() - start
    return report


def _unnamed(mistake: Mistake, reference: Reference, checks: Checks) -> Iterator[str]:
    """Yield what keeps a known mistake from being caught and named, if anything."""
    answers = in_process(reference.names | {mistake.answer: mistake.function})
    caught = list(checks.failing(checks.public, answers))
    if not caught:
        yield f"{mistake.slug} is caught by no public check"
    hidden = list(checks.failing(checks.hidden, answers))
    if not caught and not hidden:
        return
    named = Diagnosis(answers, {mistake.answer: reference}).mistake(mistake.answer)
    if named is None or mistake.slug not in named.slugs:
        instead = f"is called {named.slug}" if named else "is not named"
        yield f"{mistake.slug} {instead}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Check the exercises that are named; return 1 if something is wrong."""
    parser = argparse.ArgumentParser(prog="python -m lrcourse.authoring.check")
    parser.add_argument("exercises", nargs="+", help="how their names begin, like 06")
    options = parser.parse_args(arguments)
    checks = checks_folder(Path.cwd())
    if checks is None:
        parser.error("no exercises found: run this in the course's folder")
    wrong = False
    try:
        for exercise in chosen(options.exercises, checks):
            print(exercise.slug)
            start = time.perf_counter()
            for report in reports(exercise):
                print("\n".join(report.lines), flush=True)
                wrong = wrong or bool(report.wrong)
            print(f"  {'in all':<63}{time.perf_counter() - start:>7.1f} s")
    except ValueError as error:
        print(error, file=sys.stderr)
        return SOMETHING_WRONG
    return SOMETHING_WRONG if wrong else EVERYTHING_HOLDS


if __name__ == "__main__":
    sys.exit(main())
