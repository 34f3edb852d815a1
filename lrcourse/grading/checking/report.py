"""From a test's outcome to the sentence a learner reads, and the table of points."""

from collections.abc import Sequence
from typing import Any

from lrcourse.grading.answers.errors import AnswerRaised, NotStarted
from lrcourse.grading.answers.recorded import Answers, Call, Returned
from lrcourse.grading.close import short
from lrcourse.grading.verdict import AnswerResult, Outcome

_BAR = 10
_SHOWN = 300


def outcome_of(
    error: BaseException | None, answers: Answers | None, owner: str
) -> tuple[Outcome, str, str, str]:
    """Return outcome, sentence, detail and last call of a test ended by `error`."""
    if error is None:
        return "passed", "", "", ""
    if isinstance(error, NotStarted):
        return "not started", "", "", ""
    last = answers.calls[-1] if answers and answers.calls else None
    if isinstance(error, AnswerRaised):
        return "failed", error.message, "", ""
    if isinstance(error, AssertionError):
        sentence, _, detail = str(error).partition("\nassert ")
        detail = detail.partition("\n +")[0].strip()
        return "failed", " ".join(sentence.split()), detail, _call_text(last)
    return "failed", _unusable(error, last, owner), "", _call_text(last)


def printed_in(answers: Answers | None) -> str:
    """Return what the last call of a failed test printed, its first 300 characters."""
    printed = answers.calls[-1].printed.strip() if answers and answers.calls else ""
    shown = printed if len(printed) <= _SHOWN else f"{printed[:_SHOWN]} …"
    return f"it printed: {shown}" if shown else ""


def points_table(results: Sequence[AnswerResult], reasons: bool = False) -> list[str]:
    """Return the closing table: a bar and the points of each answer, and the total.

    With `reasons`, why its checks failed stands under each answer.
    """
    if not results:
        return []
    width = max(len(result.answer) for result in results)
    lines, exercise = [], ""
    for result in results:
        if result.exercise != exercise:
            exercise = result.exercise
            lines.append(exercise)
        lines.append(f"  {result.answer:<{width}}  {_bar(result)}  {_standing(result)}")
        if result.mistake is not None:
            lines.append(f"  {'':<{width}}  {result.mistake['sentence']}")
        for verdict in result.failed if reasons else []:
            lines += [f"    {line}" for line in verdict.lines]
    earned = sum(result.points for result in results)
    possible = sum(result.possible for result in results)
    lines.append(f"  {'total':<{width}}  {'':<{_BAR}}  {earned:g}/{possible:g} points")
    return lines


def _bar(result: AnswerResult) -> str:
    full = int(_BAR * result.points / result.possible) if result.possible else 0
    return "█" * full + "·" * (_BAR - full)


def _standing(result: AnswerResult) -> str:
    points = f"{result.points:g}/{result.possible:g}"
    if result.outcome == "not started":
        return f"{points} not started"
    if result.outcome == "passed":
        return points
    return f"{points} {len(result.failed)} of {len(result.verdicts)} checks failed"


def _call_text(call: Call | None) -> str:
    if call is None:
        return ""
    if isinstance(call.outcome, Returned):
        return f"{call.text} gave {short(call.outcome.value)}"
    return call.text


def _unusable(error: BaseException, last: Call | None, owner: str) -> str:
    """Explain an error inside the check: the answer gave it something it cannot use."""
    if last is None:
        return f"the check itself broke with {type(error).__name__}: {error}"
    value: Any = last.outcome.value if isinstance(last.outcome, Returned) else None
    if value is None:
        return f"{owner} returned None: is a return missing?"
    return (
        f"the check cannot use what {owner} returned ({type(error).__name__}: {error})"
    )
