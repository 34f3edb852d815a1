"""Which known mistake is it? Play the recorded calls again and see who agrees."""

from collections.abc import Callable, Sequence
from typing import Any

from lrcourse.grading.answers import Answer, Answers, Call, Returned
from lrcourse.grading.close import close
from lrcourse.grading.course import Mistake
from lrcourse.grading.wire import Codec

# outcomes that say something about the notebook, and nothing about the formula
_NOT_THE_FORMULA = {
    "Missing",
    "WrongSignature",
    "TimedOut",
    "Died",
    "Unreadable",
    "SyntaxError",
}


def name_mistake(
    answers: Answers,
    answer: str,
    mistakes: Sequence[Mistake],
    reference: Callable[..., Any] | None,
) -> Mistake | None:
    """Return the first known mistake that did on every call what `answer` did.

    It must also differ from the reference on one of them, where there is one.
    """
    calls = [call for call in answers.calls if call.answer == answer]
    if any(call.outcome in _NOT_THE_FORMULA for call in calls if _raised(call)):
        return None
    if not calls or (reference and _agrees(answers, calls, reference)):
        return None
    for mistake in mistakes:
        if mistake.answer == answer and _agrees(answers, calls, mistake.function):
            return mistake
    return None


class Replay(Codec):
    """The recorded calls once more, on another function, in this process."""

    def __init__(self, answers: Answers, function: Callable[..., Any]) -> None:
        self.answers = answers
        self.function = function
        self.results: dict[int, Any] = {}

    def play(self, number: int, call: Call) -> Returned | str:
        """Make one call again; return what came of it."""
        args, kwargs = self.decode(call.args), self.decode(call.kwargs)
        try:
            target = self._target(call.target)
            if call.attribute is not None:
                value, args, kwargs = getattr(target, call.attribute), [], {}
            else:
                value = target(*args, **kwargs)
        except Exception as error:  # a mistake may raise: that is an outcome too
            return type(error).__name__
        self.results[number] = value
        return Returned(self.decode(self.encode(value)), args, kwargs)

    def export(self, value: Any) -> dict[str, Any] | None:
        """Mark functions and objects: they are compared by what they do when called."""
        return {"kind": type(value).__name__}

    def adopt(self, reference: dict[str, Any]) -> Any:
        """Return the check's own function, or the object that this replay made."""
        if "oracle" in reference:
            return self.answers.oracle(reference["oracle"])
        if "object" in reference:
            return self.results.get(self.answers.origin(reference["object"]))
        return self.function if "name" in reference else super().adopt(reference)

    def _target(self, target: str | int) -> Any:
        return self.function if isinstance(target, str) else self.results.get(target)


def _agrees(
    answers: Answers, calls: Sequence[Call], function: Callable[..., Any]
) -> bool:
    replay = Replay(answers, function)
    numbers = {id(call): number for number, call in enumerate(answers.calls)}
    return all(
        _same(call.outcome, replay.play(numbers[id(call)], call)) for call in calls
    )


def _same(mine: Any, theirs: Any) -> bool:
    if isinstance(mine, Returned) and isinstance(theirs, Returned):
        pairs = [(mine.value, theirs.value), (mine.args, theirs.args)]
        return all(_equal(*pair) for pair in [*pairs, (mine.kwargs, theirs.kwargs)])
    return type(mine) is type(theirs) and mine == theirs


def _equal(mine: Any, theirs: Any) -> bool:
    """Compare as `close` does, but by the text where that refuses: nan is like nan."""
    if isinstance(mine, list | tuple) and isinstance(theirs, list | tuple):
        pairs = zip(mine, theirs, strict=False)
        return len(mine) == len(theirs) and all(_equal(*pair) for pair in pairs)
    if isinstance(mine, Answer) or callable(mine):
        return True  # a returned function: its own calls follow in the record
    if type(mine) is float and type(theirs) is int:
        theirs = float(theirs)
    try:
        return bool(close(mine, theirs))
    except ValueError:
        return repr(mine) == repr(theirs)


def _raised(call: Call) -> bool:
    return isinstance(call.outcome, str)
