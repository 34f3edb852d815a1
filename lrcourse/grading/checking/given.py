"""Cases as learners give them: their arguments, small enough for paper, and a value."""

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lrcourse.grading.comparison import short
from lrcourse.grading.mistakes.budget import Overrun, call_within
from lrcourse.grading.sandbox.codec import Codec

LARGEST = 10_000  # of a number: to this power a whole number has 40 000 digits
MOST_NUMBERS = 16  # in an array or a list


class CaseFault(Exception):
    """Why a case is none, or not right, in a sentence without its number."""


@dataclass(frozen=True)
class GivenCase:
    """A case that is right: its number, from 1 on, its arguments and its value."""

    number: int
    args: list[Any]
    value: Any


def as_pair(given: Any, form: str) -> tuple[Any, Any]:
    """Return a case's arguments and its value; `form` says how one is written.

    Raises:
        CaseFault: it is no pair.
    """
    if not isinstance(given, list | tuple) or len(given) != 2:
        raise CaseFault(f"it is no pair of arguments and value: write {form}")
    return given[0], given[1]


def as_arguments(given: Any, form: str, words: Sequence[str] = ()) -> list[Any]:
    """Return arguments that can be called with; rows of numbers become an array.

    One of `words` stands for itself.

    Raises:
        CaseFault: they are no tuple, or hold what is no number or too large.
    """
    if not isinstance(given, list | tuple):
        raise CaseFault(f"its arguments are no tuple: write {form}")
    return [each if _is_one_of(each, words) else _argument(each) for each in given]


def _is_one_of(given: Any, words: Sequence[str]) -> bool:
    return type(given) is str and given in words


def _argument(given: Any) -> Any:
    if isinstance(given, list | tuple) and any(
        isinstance(row, list | tuple) for row in given
    ):
        try:
            given = np.array(given, dtype=float)
        except (TypeError, ValueError):
            raise CaseFault(f"{short(given)} is no array of numbers") from None
    if isinstance(given, np.ndarray):
        numbers = given.ravel().tolist()
    else:
        numbers = list(given) if isinstance(given, list | tuple) else [given]
    if len(numbers) > MOST_NUMBERS:
        raise CaseFault(f"{len(numbers)} numbers are too many for paper")
    for number in numbers:
        if type(number) not in (int, float):
            kind = getattr(number, "_kind", type(number).__name__)
            raise CaseFault(f"an argument is a {kind}, and should be a number")
        if not abs(number) <= LARGEST:  # nan too
            raise CaseFault(f"{short(number)} is no number for paper")
    return given


def outcome(function: Callable[..., Any], args: Sequence[Any]) -> tuple[str, Any]:
    """Return what ended a call, or "", and its value as it arrives from a learner.

    `function` is ours, a solution or a known mistake, and gets its own `args`.
    """
    codec = Codec()
    try:
        with np.errstate(all="ignore"):  # as where nobody reads warnings
            value = call_within(function, *copy.deepcopy(list(args)))
    except (Exception, Overrun) as error:  # whatever a mistake may do
        return type(error).__name__, None
    return "", codec.decode(codec.encode(value))
