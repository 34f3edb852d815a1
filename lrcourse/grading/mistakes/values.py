"""What follows from an answer's values alone: where they are wrong, and by how much.

For a mistake that nobody knows: what can be read off the calls cannot be wrong.
"""

import itertools
import math
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from lrcourse.grading.mistakes.operators.expressions import Vocabulary

_SAME = 1e-9
_FEW = 3  # cases that a statement about all of them needs

NamedNumbers = dict[str, float]


@dataclass(frozen=True)
class Case:
    """One call: its settings, what it gave and what it should have given."""

    settings: NamedNumbers
    got: float
    expected: float

    @property
    def is_right(self) -> bool:
        """Whether the two agree, as far as rounding allows."""
        return math.isclose(self.got, self.expected, rel_tol=_SAME, abs_tol=1e-15)


def case(settings: dict[str, Any], got: Any, expected: Any) -> Case | None:
    """Return a call as a case; None unless both values are finite numbers."""
    if not (_is_finite(got) and _is_finite(expected)):
        return None
    plain = {name: value for name, value in settings.items() if _is_finite(value)}
    return Case(plain, got, expected)


def _is_finite(value: Any) -> bool:
    """Say whether a value is a number that a float can hold."""
    return type(value) in (int, float) and abs(value) <= sys.float_info.max


def said_of(cases: Sequence[Case], vocabulary: Vocabulary) -> str | None:
    """Return in one sentence or two what all of `cases` have in common, if anything."""
    wrong = [each for each in cases if not each.is_right]
    if len(wrong) < _FEW:
        return None
    where, amount = _where(cases, vocabulary), _amount(wrong)
    if amount and (where or len(wrong) == len(cases)):
        start = f"{where}: there each" if where else "Each"
        return f"{start} of your results is {amount}."
    return f"{where}." if where else None


def _amount(wrong: Sequence[Case]) -> str | None:
    """Return what all wrong results are: so many times too large, or so much."""
    return next(itertools.chain(_factors(wrong), _differences(wrong)), None)


def _factors(wrong: Sequence[Case]) -> Iterator[str]:
    if any(not each.expected or not each.got for each in wrong):
        if all(not each.got for each in wrong):
            yield "0"
        return
    ratio = wrong[0].got / wrong[0].expected
    if _equal(_got(wrong), [each.expected * ratio for each in wrong]):
        if math.isclose(ratio, -1, rel_tol=_SAME):
            yield "of the wrong sign"
        else:
            yield f"{ratio:.6g} times what it should be"
    for name in _varying(wrong):
        given = [each.settings[name] for each in wrong]
        pairs = list(zip(wrong, given, strict=True))
        if _equal(_got(wrong), [each.expected * value for each, value in pairs]):
            yield f"`{name}` times what it should be"
        if _equal([each.got * value for each, value in pairs], _expected(wrong)):
            yield f"what it should be, divided by `{name}`"


def _differences(wrong: Sequence[Case]) -> Iterator[str]:
    apart = wrong[0].got - wrong[0].expected
    way, sign = ("high", 1) if apart > 0 else ("low", -1)
    for name in _varying(wrong):
        if _equal(_got(wrong), [e.expected + sign * e.settings[name] for e in wrong]):
            yield f"too {way} by `{name}`"
    if _equal(_got(wrong), [each.expected + apart for each in wrong]):
        yield f"too {way} by {abs(apart):.6g}"


def _where(cases: Sequence[Case], vocabulary: Vocabulary) -> str | None:
    """Return the condition that tells right cases from wrong ones, if one does."""
    right = [each for each in cases if each.is_right]
    if len(right) < _FEW:
        return None
    for condition, opposite, holds in _conditions(cases, vocabulary):
        kept = [holds(each.settings) for each in cases]
        if kept == [each.is_right for each in cases]:
            return (
                f"Your results are right where {condition}, and wrong where {opposite}"
            )
    return None


_Condition = tuple[str, str, Callable[[NamedNumbers], bool]]


def _conditions(cases: Sequence[Case], vocabulary: Vocabulary) -> Iterator[_Condition]:
    shared = set.intersection(*(set(each.settings) for each in cases))
    names = [name for name in cases[0].settings if name in shared]
    counts = [name for name in names if name in vocabulary.counts]
    lengths = [name for name in names if name in vocabulary.lengths]
    for one, other in itertools.product(counts, lengths):
        pair = f"`{one}`", f"`{other}`"
        yield f"{pair[0]} <= {pair[1]}", "it is larger", _at_most(one, other)
        yield f"{pair[0]} < {pair[1]}", f"it has come to {pair[1]}", _below(one, other)
    for name in names:
        for value in (0, 1):
            yield f"`{name}` is {value}", "it is not", _equals(name, value)


def _at_most(one: str, other: str) -> Callable[[NamedNumbers], bool]:
    return lambda settings: settings[one] <= settings[other]


def _below(one: str, other: str) -> Callable[[NamedNumbers], bool]:
    return lambda settings: settings[one] < settings[other]


def _equals(name: str, value: float) -> Callable[[NamedNumbers], bool]:
    return lambda settings: settings[name] == value


def _varying(cases: Sequence[Case]) -> list[str]:
    """Return the settings that all cases have, with several values."""
    shared = set.intersection(*(set(each.settings) for each in cases))
    return [
        name
        for name in cases[0].settings
        if name in shared and len({each.settings[name] for each in cases}) > 1
    ]


def _got(cases: Sequence[Case]) -> list[float]:
    return [each.got for each in cases]


def _expected(cases: Sequence[Case]) -> list[float]:
    return [each.expected for each in cases]


def _equal(some: Sequence[float], others: Sequence[float]) -> bool:
    pairs = zip(some, others, strict=True)
    return all(math.isclose(*pair, rel_tol=_SAME) for pair in pairs)
