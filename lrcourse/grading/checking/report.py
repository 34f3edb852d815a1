"""From a test's outcome to the sentence a learner reads."""

from typing import Any

from lrcourse.grading.answers.errors import AnswerRaised, NotStarted
from lrcourse.grading.answers.recorder import RecordedCall, Returned
from lrcourse.grading.answers.submitted import Answers
from lrcourse.grading.comparison import short
from lrcourse.grading.sandbox.host.process import CannotStart
from lrcourse.grading.verdict import Outcome

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
    if isinstance(error, CannotStart):
        return "failed", str(error), "", ""
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


def _call_text(call: RecordedCall | None) -> str:
    if call is None:
        return ""
    if isinstance(call.outcome, Returned):
        return f"{call.text} gave {short(call.outcome.value)}"
    return call.text


def _unusable(error: BaseException, last: RecordedCall | None, owner: str) -> str:
    """Explain an error inside the check: the answer gave it something it cannot use."""
    if last is None:
        return f"the check itself broke with {type(error).__name__}: {error}"
    if not isinstance(last.outcome, Returned):
        return f"{last.text} did not return: {type(error).__name__}: {error}"
    value: Any = last.outcome.value
    if value is None:
        return f"{owner} returned None: is a return missing?"
    return (
        f"the check cannot use what {owner} returned ({type(error).__name__}: {error})"
    )
