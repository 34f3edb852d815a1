"""A drawn question, and what is said of a number and a value that answer it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lrcourse.grading.checking.report import NO_RETURN
from lrcourse.grading.comparison import short
from lrcourse.grading.mistakes.references import Mistake
from lrcourse.grading.recalls import LAST
from lrcourse.grading.verdict import PartlyRight

_FORM = "`return number, value`, as in `return 12, 0.06`"
_NEAR = 0.02  # a value that is only rounded too early is seldom further off


@dataclass(frozen=True)
class Question:
    """One drawn question: its arguments, the right value and each mistake's."""

    text: str
    arguments: Mapping[str, Any]
    value: Any
    mistaken: Sequence[tuple[Mistake, Any]]
    digits: int = 3
    where: str = ""  # it is explained

    @property
    def form(self) -> str:
        """How the value is to be written."""
        if isinstance(self.value, str):
            return "as a text in quotes"
        if isinstance(self.value, int):
            return "as a whole number"
        return f"to {self.digits} significant digits"

    def is_right(self, given: Any) -> bool:
        """Say whether `given` is the value, to the digits that are asked for."""
        return alike(given, self.value, self.digits)

    def mistakes(self, given: Any) -> list[Mistake]:
        """Return the known mistakes that give what was given."""
        return [m for m, value in self.mistaken if alike(given, value, self.digits)]


def alike(given: Any, value: Any, digits: int) -> bool:
    """Say whether two values agree: numbers to within one of the last digit.

    So a value may be rounded or cut off.
    """
    if isinstance(value, str) or not _is_number(value):
        return type(given) is type(value) and bool(given == value)
    if not _is_number(given):
        return False
    if isinstance(value, int) or not value:
        return bool(abs(given - value) <= 1e-9)
    unit = 10.0 ** (np.floor(np.log10(abs(value))) - digits + 1)
    return bool(abs(given - value) <= unit * (1 + 1e-9))


def number_and_value(given: Any) -> tuple[int, Any]:
    """Return what a learner gave, as a question's number and a value.

    Raises:
        PartlyRight: it is not that; the sentence says how it is written.
    """
    if given is None:
        raise PartlyRight(f"it {NO_RETURN} Write {_FORM}")
    if not isinstance(given, list | tuple) or len(given) != 2:
        raise PartlyRight(
            f"say which question it answers: {_FORM}, where the number is the one that "
            "stands above the question"
        )
    number, value = given
    if type(number) is not int or not 1 <= number <= LAST:
        raise PartlyRight(
            f"{short(number)} is no question's number: {_FORM}, where the number "
            "is the one that stands above the question"
        )
    if not (isinstance(value, str) or _is_number(value)):
        kind = getattr(value, "_kind", type(value).__name__)
        raise PartlyRight(f"the value is a {kind}, and should be a number or a text")
    return number, value


def _is_number(value: Any) -> bool:
    return type(value) in (int, float) and bool(np.isfinite(value))


def apart(wrong: Any, value: Any, digits: int) -> bool:
    """Say whether a wrong value cannot be taken for the right one."""
    if _is_number(wrong) and _is_number(value) and type(value) is float and value:
        middle = (wrong + value) / 2
        return not (alike(wrong, value, digits) or alike(middle, value, digits))
    return not alike(wrong, value, digits)


def hint(given: Any, question: Question) -> str:
    """Return what can be said of a value that no known mistake gives."""
    value = question.value
    if type(given) is not type(value) and not (_is_number(given) and _is_number(value)):
        return f". It is asked for {question.form}"
    if isinstance(value, int) and given != round(given):
        return f". It is asked for {question.form}"
    if not _is_number(value) or not value:
        return ", and no mistake that is known gives it"
    if abs(given - value) <= _NEAR * abs(value):
        if isinstance(value, int):
            return ", though near: which of its neighbours is it?"
        return f", though near: give it {question.form}, and round at the end only"
    if alike(-given, value, question.digits):
        return ": it has the wrong sign"
    return ", and no mistake that is known gives it"


def shown(value: Any) -> str:
    """Return a value that was given as a sentence shows it."""
    return f"{value:.6g}" if type(value) is float else short(value)


def written(value: Any) -> str:
    """Return a drawn argument as a question shows it: a network, say, by its names."""
    if isinstance(value, Mapping):
        return ", ".join(f"{name} = {written(of)}" for name, of in value.items())
    if isinstance(value, list) and any(isinstance(of, np.ndarray) for of in value):
        return " and ".join(map(written, value))
    if isinstance(value, np.ndarray):
        return str([[float(f"{x:.6g}") for x in row] for row in value.tolist()])
    return f"{value:.6g}" if isinstance(value, float) else str(value)
