"""What is said of a failed hidden check where its settings must stay hidden.

A class's settings are drawn by the instructor's secret. Whoever is told the call and
the value that was expected can write both into the answer; so a report says what kind
of thing failed. An answer's own words are not repeated: they could hold the settings.
"""

import builtins
from dataclasses import replace

from lrcourse.grading.answers.errors import AnswerRaised
from lrcourse.grading.checking.report import NO_RETURN
from lrcourse.grading.mistakes.diagnosis import BY_VALUES
from lrcourse.grading.verdict import Verdict

_DRAWN = "for settings that are drawn for you alone"
_KINDS = {
    "Missing": "the notebook does not define it",
    "WrongSignature": "restore its first line as it was given",
    "TimedOut": f"it did not return {_DRAWN}: is there a loop that never ends?",
    "Died": f"Python itself ended {_DRAWN}",
    "TooMuch": "what it returned is more than may be kept",
    "Unreadable": "the notebook cannot be read",
}


def without_settings(verdict: Verdict, error: BaseException | None) -> Verdict:
    """Return the verdict on a hidden check, saying what kind of thing `error` is.

    A mistake that was read off the values is not named: its sentence shows some.
    """
    mistake = verdict.mistake
    if mistake is not None and mistake["name"].endswith(BY_VALUES):
        mistake = None
    if verdict.outcome != "failed" or error is None:
        return replace(verdict, mistake=mistake)
    kind = _kind_of(error, verdict)
    return replace(verdict, sentence=kind, detail="", call="", mistake=mistake)


def _kind_of(error: BaseException, verdict: Verdict) -> str:
    owner = verdict.answer
    if isinstance(error, AssertionError):
        if verdict.sentence.endswith(NO_RETURN):
            return f"{owner} {NO_RETURN}"
        sentence, _, values = str(error).partition("\nassert ")
        if values:  # else it has no words of its own, and these are pytest's
            return " ".join(sentence.split())
        return f"{owner} is not right {_DRAWN}"
    if not isinstance(error, AnswerRaised):
        return f"the check cannot use what {owner} returned {_DRAWN}"
    if error.type in _KINDS:
        return f"{owner}: {_KINDS[error.type]}"
    known = isinstance(getattr(builtins, error.type, None), type)
    raised = error.type if known else "an exception"
    return f"{owner} raised {raised} {_DRAWN}"
