"""What a test found out about an answer, and what an answer's tests add up to.

Both are plain data: they travel in pytest's reports, between processes and to a card.
"""

import math
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Outcome = Literal["passed", "failed", "not started"]


@dataclass(frozen=True)
class Verdict:
    """One test's: `sentence` says what to think about, `detail` shows the values.

    `call` is the last call the test made, `printed` what the learner's code wrote
    during it: never in a `hidden` test. `hidden` tests draw random settings.
    `mistake` is the known mistake found so far in this answer, if any. `level` is how
    the learner's code was confined, "L0" to "L3". A test that failed in part names its
    `reasons` and still earns a `share` of its points, counted in tenths of a point.
    """

    exercise: str
    answer: str
    test: str
    points: float
    outcome: Outcome
    sentence: str = ""
    detail: str = ""
    call: str = ""
    printed: str = ""
    hidden: bool = False
    mistake: dict[str, str] | None = None
    level: str = ""
    reasons: list[str] = field(default_factory=list)
    share: float = 0.0

    @property
    def earned(self) -> float:
        """The points that this test brings."""
        if self.outcome == "passed":
            return self.points
        # a hair more: 0.3 * 10 is a little less than 3
        return math.floor(10 * self.points * self.share + 1e-9) / 10

    @property
    def lines(self) -> list[str]:
        """Why it failed, as the lines a learner reads."""
        said = (self.sentence, *self.reasons, self.call, self.detail, self.printed)
        return [line for text in said for line in text.splitlines()]

    @property
    def title(self) -> str:
        """The test's name as the sentence that it is."""
        return self.test.removeprefix("test_").replace("_", " ")

    def as_dict(self) -> dict[str, Any]:
        """Return plain data."""
        return asdict(self)


class PartlyRight(AssertionError):
    """What a test raises that failed in part: a sentence, `reasons`, and a `share`.

    The share, from 0 to 1, is the part of its points that is earned all the same.
    `mistake` is the known mistake behind it, where the test has found that itself.
    """

    def __init__(
        self,
        sentence: str,
        reasons: Iterable[str] = (),
        share: float = 0.0,
        mistake: dict[str, str] | None = None,
    ) -> None:
        super().__init__(sentence)
        self.reasons = list(reasons)
        self.share = share
        self.mistake = mistake


@dataclass
class AnswerResult:
    """One answer's: its verdicts in the order of the check file."""

    exercise: str
    answer: str
    verdicts: list[Verdict] = field(default_factory=list)

    @property
    def points(self) -> float:
        """Points earned."""
        return sum(each.earned for each in self.verdicts)

    @property
    def possible(self) -> float:
        """Points that could be earned."""
        return sum(each.points for each in self.verdicts)

    @property
    def failed(self) -> list[Verdict]:
        """The tests that failed, easy ones first."""
        return [each for each in self.verdicts if each.outcome == "failed"]

    @property
    def outcome(self) -> Outcome:
        """Failed if a test failed, else not started if one was not, else passed."""
        outcomes: set[Outcome] = {each.outcome for each in self.verdicts}
        for outcome in ("failed", "not started"):
            if outcome in outcomes:
                return outcome
        return "passed"

    @property
    def mistake(self) -> dict[str, str] | None:
        """The known mistake, by the verdict that knew most."""
        return self.verdicts[-1].mistake if self.verdicts else None


def by_answer(verdicts: Iterable[Verdict]) -> list[AnswerResult]:
    """Gather verdicts, keeping the order in which answers first appear."""
    results: dict[tuple[str, str], AnswerResult] = {}
    for verdict in verdicts:
        key = verdict.exercise, verdict.answer
        results.setdefault(key, AnswerResult(*key)).verdicts.append(verdict)
    return list(results.values())
