"""Which of these claims do the runs support? A learner answers with their letters.

The check file holds ``TESTS = claims(runs, {"A": Claim(text, holds, reason), …})``.
Each claim is a predicate over the recorded runs, so that the runs themselves say which
are supported. A learner returns a set of letters, and reads the reason of each wrong
pick.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from lrcourse.grading.checking.report import NO_RETURN
from lrcourse.grading.comparison import short
from lrcourse.grading.exercise import Exercise
from lrcourse.grading.verdict import PartlyRight

POINTS = 4


@dataclass(frozen=True)
class Claim:
    """A claim, whether the runs support it, and the `reason` where they do not."""

    text: str
    holds: Callable[[Any], bool]
    reason: str = ""


@dataclass(frozen=True)
class Claims:
    """The test of a set of letters: those of the claims that `runs` support.

    Its share is the part of the supported claims that were picked, less the part of the
    others that were: nothing for all, for none and, on the whole, for guesses.
    """

    runs: Any
    claims: Mapping[str, Claim]
    kind: str = "claims"

    def tests(self, exercise: Exercise, answer: str) -> dict[str, Callable[..., None]]:
        """Return the one test of the learner's picks."""

        @pytest.mark.points(POINTS)
        def picks(answer: Any) -> None:
            self.require_supported(answer())

        picks.__name__ = f"test_{answer}_is_what_the_runs_support"
        return {picks.__name__: picks}

    @property
    def supported(self) -> set[str]:
        """The letters of the claims that the runs support."""
        return {letter for letter, each in self.claims.items() if each.holds(self.runs)}

    def require_supported(self, given: Any) -> None:
        """Look whether `given` is the set of what is supported.

        Raises:
            PartlyRight: it is not, with the reasons against each wrong pick.
        """
        picked, right = self._letters(given), self.supported
        wrong, missing = sorted(picked - right), len(right - picked)
        if not wrong and not missing:
            return
        others = len(self.claims) - len(right)
        share = len(picked & right) / len(right) - len(wrong) / others
        reasons = [f"{letter}: {self.claims[letter].reason}" for letter in wrong]
        said = [f"{_are(len(wrong))} picked and not supported"] if wrong else []
        said += [f"{_are(missing)} supported and not picked"] if missing else []
        raise PartlyRight("; ".join(said), reasons, max(share, 0.0))

    def _letters(self, given: Any) -> set[str]:
        letters = ", ".join(self.claims)
        if given is None:
            raise PartlyRight(f"it {NO_RETURN} It should return a set of letters")
        if not isinstance(given, set | list | tuple):
            kind = getattr(given, "_kind", type(given).__name__)
            example = ", ".join(f'"{letter}"' for letter in list(self.claims)[:2])
            form = f"a set of letters, as `{{{example}}}`"
            raise PartlyRight(f"return {form}, not a value of type {kind}")
        for each in given:
            if not isinstance(each, str) or each not in self.claims:
                raise PartlyRight(f"{short(each)} is no claim: there are {letters}")
        if not given:
            raise PartlyRight("no claim is picked: at least one is supported")
        return {*given}


def claims(runs: Any, asked: Mapping[str, Claim]) -> Claims:
    """Make the test of which claims `runs` support: some of them, and not all."""
    return Claims(runs, asked)


def _are(number: int) -> str:
    return "1 claim is" if number == 1 else f"{number} claims are"
