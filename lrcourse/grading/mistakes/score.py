"""Do the checks see every mutant? Each one of each reference, against its checks.

``python -m lrcourse.grading.mistakes.score`` prints the table, of all exercises or of
those whose names begin like the ones that are named.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal, get_args

from lrcourse.grading.exercise import Exercise, checks_folder, exercises_in
from lrcourse.grading.mistakes.in_process import Check, Checks, checks_of, in_process
from lrcourse.grading.mistakes.mutants import Mutant
from lrcourse.grading.mistakes.references import Reference, references

SEEDS = 20
_SEEDS_FOR_LISTED = 3  # what no check can see costs the most, and is known already
_COLUMN = 12

Fate = Literal["public", "hidden", "equivalent", "survivor"]


def fate(mutant: Mutant, reference: Reference, checks: Checks, seeds: int) -> Fate:
    """Return which checks see the mutant: public ones alone, or with hidden ones.

    Students' settings are drawn one after another, until one of them shows it.
    """
    names = reference.names | {reference.name: mutant.function(reference.names)}

    def fails(some: Sequence[Check], seed: int) -> bool:
        return any(checks.failing(some, in_process(names), seed))

    if fails(checks.public, 0):
        return "public"
    seen = any(fails(checks.hidden, seed) for seed in range(1, seeds + 1))
    return "hidden" if seen else "survivor"


def fates(
    reference: Reference, checks: Checks, seeds: int = SEEDS
) -> Iterator[tuple[Mutant, Fate]]:
    """Yield every mutant of the reference with its fate.

    Survivors that the check file lists are called equivalent.

    Raises:
        RuntimeError: a check fails for the reference itself, so that it would fail
            for every mutant too.
    """
    _require_right(reference, checks)
    for mutant in reference.mutants:
        listed = mutant.change in reference.equivalent
        tried = min(seeds, _SEEDS_FOR_LISTED) if listed else seeds
        found = fate(mutant, reference, checks, tried)
        yield mutant, "equivalent" if listed and found == "survivor" else found


def _require_right(reference: Reference, checks: Checks) -> None:
    answers = in_process(reference.names)
    for check, error in checks.failing(checks.all, answers):
        raise RuntimeError(
            f"{check} fails for the solution's own {reference.name}, so it would fail "
            f"for everybody: mend that first ({type(error).__name__}: {error})"
        )


def table(exercise: Exercise, seeds: int = SEEDS) -> tuple[list[str], bool]:
    """Return a line for each answer, and whether nothing goes unseen.

    Below a line stand the mutants that no check sees, as they change the reference.
    """
    lines, all_seen, checks = [], True, checks_of(exercise)
    for answer, reference in references(exercise).items():
        found = list(fates(reference, checks[answer], seeds))
        counts = Counter(fate for _, fate in found)
        numbers = [counts.total(), *(counts[fate] for fate in get_args(Fate))]
        row = "".join(f"{number:>{_COLUMN}}" for number in numbers)
        lines.append(f"{exercise.slug:<20}{answer:<24}{row}")
        unseen = [mutant for mutant, fate in found if fate == "survivor"]
        for mutant in unseen:
            lines += [f"  - {mutant.before}", f"  + {mutant.after}"]
        all_seen = all_seen and not unseen
    return lines, all_seen


def chosen(names: Sequence[str], checks: Path) -> list[Exercise]:
    """Return the exercises whose slugs begin with one of `names`; all for none.

    Raises:
        ValueError: a name that none begins with.
    """
    exercises = exercises_in(checks)
    slugs = [exercise.slug for exercise in exercises]
    for name in names:
        if not any(slug.startswith(name) for slug in slugs):
            raise ValueError(f"no exercise begins with {name}: {', '.join(slugs)}")
    some = tuple(names)
    return [each for each in exercises if not some or each.slug.startswith(some)]


def main() -> int:
    """Print the table; return 1 if a mutant goes unseen that is not listed."""
    parser = argparse.ArgumentParser(prog="python -m lrcourse.grading.mistakes.score")
    parser.add_argument("slugs", nargs="*", help="exercises; all if none is named")
    parser.add_argument("--seeds", type=int, default=SEEDS, help="students to try")
    options = parser.parse_args()
    checks = checks_folder(Path.cwd())
    if checks is None:
        parser.error("no exercises found: run this in the course's folder")
    try:
        exercises = chosen(options.slugs, checks)
    except ValueError as error:
        parser.error(str(error))
    heads = "".join(f"{head:>{_COLUMN}}" for head in ("mutants", *get_args(Fate)))
    print(f"{'seen by':<44}{heads}")
    all_seen = True
    for exercise in exercises:
        lines, seen = table(exercise, options.seeds)
        print("\n".join(lines), flush=True)
        all_seen = all_seen and seen
    return int(not all_seen)


if __name__ == "__main__":
    sys.exit(main())
