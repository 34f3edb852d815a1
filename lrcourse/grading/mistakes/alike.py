"""Whether two functions did the same on a call: their outcomes, compared."""

from typing import Any

from lrcourse.grading.answers.recorder import Ended, Returned
from lrcourse.grading.answers.stand_in import StandIn
from lrcourse.grading.comparison import close
from lrcourse.grading.sandbox.codec import NotPlain

Played = Returned | Ended | None


def same_outcome(mine: Played, theirs: Played, right: Played) -> bool:
    """Say whether two outcomes are alike, where `right` is the right one.

    An exception's type is no evidence: what it says must be the same too, unless one
    of that type is what is asked for.
    """
    if isinstance(mine, Returned) and isinstance(theirs, Returned):
        if isinstance(right, Returned) and type(right.value) is int:
            if type(mine.value) is not type(theirs.value):
                return False
        pairs = [(mine.value, theirs.value), (mine.args, theirs.args)]
        return all(_equal(*pair) for pair in [*pairs, (mine.kwargs, theirs.kwargs)])
    if not (isinstance(mine, Ended) and isinstance(theirs, Ended)):
        return False
    asked_for = isinstance(right, Ended) and right.type == mine.type
    return mine.type == theirs.type and (asked_for or mine.reason == theirs.reason)


def _equal(mine: Any, theirs: Any) -> bool:
    """Compare as `close` does, but by the text where that refuses: nan is like nan."""
    if isinstance(mine, list | tuple) and type(mine) is type(theirs):
        pairs = zip(mine, theirs, strict=False)
        return len(mine) == len(theirs) and all(_equal(*pair) for pair in pairs)
    if isinstance(mine, dict) and isinstance(theirs, dict):
        shared = mine.keys() == theirs.keys()
        return shared and all(_equal(mine[key], theirs[key]) for key in mine)
    if isinstance(mine, NotPlain) and isinstance(theirs, NotPlain):
        return mine.kind == theirs.kind
    if isinstance(mine, StandIn) or callable(mine):
        # a returned function or object: its own calls follow in the record
        return isinstance(theirs, NotPlain) or callable(theirs)
    if type(mine) is float and type(theirs) is int:
        theirs = float(theirs)
    try:
        return bool(close(mine, theirs))
    except ValueError:
        return repr(mine) == repr(theirs)
