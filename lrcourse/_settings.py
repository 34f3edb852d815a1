"""What a setting may be; a ValueError names everything else.

Settings come by keyword, so that the message can name the one that does not fit, its
value, and what is allowed.
"""

import math
from collections.abc import Callable, Collection
from functools import wraps
from numbers import Integral, Real
from typing import Any, ParamSpec, TypeVar

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


def plain_numbers(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """Let `function` see NumPy's numbers, and fractions, as Python's int and float.

    Else one float32 among its arguments would make it count in seven digits, and
    overflow at 1e38.
    """

    @wraps(function)
    def called(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        plain = {name: _plain(value) for name, value in kwargs.items()}
        return function(*map(_plain, args), **plain)

    return called


def _plain(value: Any) -> Any:
    if type(value) in (int, float, bool) or not isinstance(value, Real):
        return value
    return int(value) if isinstance(value, Integral) else float(value)


def require(allowed: str, fits: Callable[[Any], bool], **values: object) -> None:
    """Refuse what is not a number that `fits`; `allowed` says in words what does."""
    for name, value in values.items():
        if isinstance(value, str):  # what YAML makes of 1e-3, and JSON of "3"
            raise ValueError(
                f"{name} must be {allowed}: a number, got the text {value!r}"
            )
        is_number = isinstance(value, Real) and not isinstance(value, bool)
        if not (is_number and fits(value)):
            raise ValueError(f"{name} must be {allowed}, got {value!r}")


def require_nonnegative(**values: float) -> None:
    """Refuse what is negative, infinite or not a number."""
    require("zero or more and finite", lambda value: 0 <= value < math.inf, **values)


def require_positive(**values: float) -> None:
    """Refuse what is zero, negative, infinite or not a number."""
    require("positive and finite", lambda value: 0 < value < math.inf, **values)


def require_finite(**values: float) -> None:
    """Refuse what is infinite or not a number."""
    require("finite", lambda value: -math.inf < value < math.inf, **values)


def require_memory(**values: float) -> None:
    """Refuse a momentum or beta that is not at least 0 and below 1."""
    require("in [0, 1)", lambda value: 0 <= value < 1, **values)


def require_shares(**values: float) -> None:
    """Refuse what is not above 0 and below 1."""
    require("above 0 and below 1", lambda value: 0 < value < 1, **values)


def require_fractions(**values: float) -> None:
    """Refuse what is not above 0 and at most 1."""
    require("above 0 and at most 1", lambda value: 0 < value <= 1, **values)


def require_divisors(**values: float) -> None:
    """Refuse what is not at least 1 and finite."""
    require("at least 1 and finite", lambda value: 1 <= value < math.inf, **values)


def require_counts(**values: int) -> None:
    """Refuse what is not an integer, or below 1."""
    allowed = "a positive integer"
    require(allowed, lambda value: is_integer(value) and value > 0, **values)


def require_counts_or_zero(**values: int) -> None:
    """Refuse what is not an integer, or negative."""
    allowed = "an integer, zero or more"
    require(allowed, lambda value: is_integer(value) and value >= 0, **values)


def require_two_or_more(**values: int) -> None:
    """Refuse what is not an integer, or below 2."""
    allowed = "an integer of 2 or more"
    require(allowed, lambda value: is_integer(value) and value >= 2, **values)


def require_choice(name: str, value: object, choices: Collection[object]) -> None:
    """Refuse what is none of `choices`."""
    if value not in choices:
        names = ", ".join(map(str, choices))
        raise ValueError(f"{name} must be one of {names}, got {value!r}")


def is_integer(value: object) -> bool:
    """Say whether `value` counts something: True and 2.0 do not."""
    return isinstance(value, Integral) and not isinstance(value, bool)
