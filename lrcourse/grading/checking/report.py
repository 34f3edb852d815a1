"""From a test's outcome to the sentence a learner reads."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from lrcourse.grading.answers.errors import AnswerRaised, NotStarted
from lrcourse.grading.answers.recorder import RecordedCall, Returned
from lrcourse.grading.answers.submitted import Answers
from lrcourse.grading.comparison import short
from lrcourse.grading.sandbox.host.process import CannotStart
from lrcourse.grading.verdict import Outcome, PartlyRight

NO_RETURN = "returned None: is a return missing?"
_SHOWN = 300
_GOT = re.compile(r"(?:^|: )got (.*?)(?: \(|, expected )")
_INTERNAL = re.compile(r"StandIn|NotPlain")  # words of ours, and no learner's


def outcome_of(
    error: BaseException | None, answers: Answers | None, owner: str, first: int = 0
) -> tuple[Outcome, str, str, str]:
    """Return outcome, sentence, detail and failing call of a test ended by `error`.

    `first` is the number of the first call that the test made.
    """
    if error is None:
        return "passed", "", "", ""
    if isinstance(error, NotStarted):
        return "not started", "", "", ""
    calls = answers.calls[first:] if answers else []
    if isinstance(error, AnswerRaised):
        return "failed", error.message, "", ""
    if isinstance(error, CannotStart):
        return "failed", str(error), "", ""
    if isinstance(error, AssertionError):
        sentence, _, detail = str(error).partition("\nassert ")
        detail = detail.partition("\n +")[0].strip()
        got = _got(detail)
        call = failing_call(calls, got)
        if got == "None":
            sentence = f"{_called(call, owner)} {NO_RETURN}"
        return "failed", " ".join(sentence.split()), detail, _call_text(call)
    call = failing_call(calls, "")
    return "failed", _unusable(error, call, owner), "", _call_text(call)


def in_part(error: BaseException | None) -> dict[str, Any]:
    """Return what a verdict says more of a test that failed in part."""
    if not isinstance(error, PartlyRight):
        return {}
    return {"reasons": error.reasons, "share": error.share}


def failing_call(calls: Sequence[RecordedCall], got: str) -> RecordedCall | None:
    """Return the last call that gave what was compared, as its text `got` says.

    Where none did, it is the last one that gave anything: a method that counts a step
    and returns nothing is seldom what failed.
    """
    for call in reversed(calls):
        if isinstance(call.outcome, Returned) and got in _texts(call.outcome.value):
            return call
    for call in reversed(calls):
        if isinstance(call.outcome, Returned) and call.outcome.value is not None:
            return call
    return calls[-1] if calls else None


def printed_in(answers: Answers | None) -> str:
    """Return what the last call of a failed test printed, its first 300 characters."""
    printed = answers.calls[-1].printed.strip() if answers and answers.calls else ""
    shown = printed if len(printed) <= _SHOWN else f"{printed[:_SHOWN]} …"
    return f"it printed: {shown}" if shown else ""


def _got(detail: str) -> str:
    """Return what a comparison's text says it got, or the empty string."""
    found = _GOT.search(detail)
    return found[1] if found else ""


def _texts(value: Any) -> Iterator[str]:
    """Yield how a value and what it holds are shown, inner ones last."""
    yield short(value)
    items = value.values() if isinstance(value, dict) else value
    if isinstance(items, list | tuple) or isinstance(value, dict):
        for item in items:
            yield from _texts(item)
    if isinstance(value, np.ndarray):
        yield short(value, 17)


def _called(call: RecordedCall | None, owner: str) -> str:
    """Return what was called, without its arguments."""
    text = call.text.rpartition("(")[0] if call else ""
    return text if call and not isinstance(call.target, str) and text else owner


def _call_text(call: RecordedCall | None) -> str:
    if call is None:
        return ""
    if isinstance(call.outcome, Returned):
        return f"{call.text} gave {short(call.outcome.value)}"
    return call.text


def _unusable(error: BaseException, call: RecordedCall | None, owner: str) -> str:
    """Explain an error inside the check: the answer gave it something it cannot use."""
    if call is None:
        return f"the check itself broke with {type(error).__name__}: {error}"
    if not isinstance(call.outcome, Returned):
        return f"{call.text} did not return: {type(error).__name__}: {error}"
    value: Any = call.outcome.value
    if value is None:
        return f"{_called(call, owner)} {NO_RETURN}"
    why = "" if _INTERNAL.search(str(error)) else f" ({type(error).__name__}: {error})"
    return f"the check cannot use what {owner} returned{why}"
