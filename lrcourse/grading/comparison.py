"""The one comparison of every check: exact type, exact shape, finite, near enough.

What crosses from a learner's interpreter is exactly of its type (a named tuple is the
tuple, an `OrderedDict` the dict that it is), and a list is no tuple.

`np.allclose` and `pytest.approx` accept `[]`, `True` for 1.0 and shapes that only
broadcast; each of them has paid points for no work.
"""

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

_WIDTH = 90  # an assertion's text is cut at 240 characters; both sides must fit
_DIGITS = 6  # of an array's numbers, unless they agree so far
_ALL_DIGITS = 17
_NEAR = 0.01  # numbers that look alike: a reader is told how far apart they are
_FUNCTIONS = ("function", "method", "builtin_function_or_method")
_MAX_BITS = 1000  # a longer int has no float to compare it with
_EXACT = (type(None), bool, int, str)
# which kinds of elements may stand for which: an int for a float, a bool for nothing
_KINDS = {"b": "b", "i": "iu", "u": "iu", "f": "iuf", "c": "iufc"}


class Comparison:
    """True when nothing differs; its representation says what does."""

    def __init__(self, difference: str | None) -> None:
        self.difference = difference

    def __bool__(self) -> bool:
        return self.difference is None

    def __repr__(self) -> str:
        return self.difference or "close"


def close(got: Any, expected: Any, rtol: float = 1e-9, atol: float = 0.0) -> Comparison:
    """Compare `got` with `expected`: numbers, strings, arrays, lists, tuples, dicts.

    Each number may differ by ``atol + rtol * abs(expected)``. An int may stand for
    a float; a bool may not. Nan and infinity in `got` are refused.

    Raises:
        ValueError: `expected` itself is not finite, or not plain data, so the check
            is at fault.
    """
    return Comparison(_difference(got, _plain(expected), rtol, atol))


def short(value: Any, digits: int = _DIGITS) -> str:
    """Return a representation of `value` that fits on a line."""
    if isinstance(value, np.ndarray):
        text = np.array2string(value, precision=digits, threshold=8, separator=", ")
        text = " ".join(text.split())
    elif type(value) is set and value:  # in an order that is the same everywhere
        text = f"{{{', '.join(sorted(map(repr, value)))}}}"
    else:
        text = repr(value)
    return text if len(text) <= _WIDTH else f"{text[: _WIDTH - 1]}…"


def _difference(got: Any, expected: Any, rtol: float, atol: float) -> str | None:
    if type(expected) is np.ndarray:
        return _array_difference(got, expected, rtol, atol)
    if type(expected) in (float, complex):
        return _number_difference(got, expected, rtol, atol)
    if type(got) is not type(expected):
        return _types(got, expected)
    if type(expected) in (list, tuple):
        return _sequence_difference(got, expected, rtol, atol)
    if type(expected) is dict:
        return _dict_difference(got, expected, rtol, atol)
    if type(expected) not in _EXACT:
        raise ValueError(f"expected must be plain data, got {short(expected)}")
    return None if got == expected else _values(got, expected)


def _number_difference(got: Any, expected: Any, rtol: float, atol: float) -> str | None:
    if not np.isfinite(expected):
        raise ValueError(f"expected must be finite, got {expected}")
    if type(got) not in (int, type(expected)):
        return _types(got, expected)
    if type(got) is int and got.bit_length() > _MAX_BITS:
        return f"got an int of {got.bit_length()} bits, expected {expected}"
    if not np.isfinite(got):
        return f"{_values(got, expected)} (not a finite number)"
    # not <=, so that nothing unordered slips through
    near = abs(got - expected) <= atol + rtol * abs(expected)
    return None if near else _values(got, expected)


def _array_difference(got: Any, expected: Any, rtol: float, atol: float) -> str | None:
    kind = expected.dtype.kind
    if kind not in _KINDS or not np.isfinite(expected).all():
        raise ValueError("expected must hold numbers, finite in every element")
    if type(got) is not np.ndarray:
        return _types(got, expected)
    if got.shape != expected.shape:
        return f"got shape {got.shape}, expected shape {expected.shape}"
    if got.dtype.kind not in _KINDS[kind]:
        return f"got elements of type {got.dtype}, expected {expected.dtype}"
    if not np.isfinite(got).all():
        return f"{_values(got, expected)} (not finite everywhere)"
    if kind == "b":
        return None if (got == expected).all() else _values(got, expected)
    far = np.abs(got - expected) > atol + rtol * np.abs(expected)
    return _values(got, expected) if far.any() else None


def _sequence_difference(
    got: Any, expected: Any, rtol: float, atol: float
) -> str | None:
    if len(got) != len(expected):
        return f"{_values(got, expected)} (length {len(got)}, not {len(expected)})"
    pairs = zip(got, expected, strict=True)
    return _first(
        (f"[{place}]", _difference(mine, _plain(theirs), rtol, atol))
        for place, (mine, theirs) in enumerate(pairs)
    )


def _dict_difference(got: Any, expected: Any, rtol: float, atol: float) -> str | None:
    # by type too: True finds what is under 1
    if {(type(k), k) for k in got} != {(type(k), k) for k in expected}:
        return f"got the keys {short(list(got))}, expected {short(list(expected))}"
    return _first(
        (f"[{key!r}]", _difference(got[key], _plain(value), rtol, atol))
        for key, value in expected.items()
    )


def _first(differences: Iterable[tuple[str, str | None]]) -> str | None:
    for place, difference in differences:
        if difference is not None:
            return f"at {place}: {difference}"
    return None


def _plain(expected: Any) -> Any:
    """Return what the wire would have made of an expected value."""
    if isinstance(expected, np.generic):
        return expected.item()
    if type(expected) is np.ndarray and not expected.ndim:
        return expected.item()
    if type(expected) is float and math.isnan(expected):
        raise ValueError("expected must be finite, got nan")
    return expected


def _values(got: Any, expected: Any) -> str:
    texts = short(got), short(expected)
    if texts[0] == texts[1]:
        texts = short(got, _ALL_DIGITS), short(expected, _ALL_DIGITS)
    return f"got {texts[0]}, expected {texts[1]}{_apart(got, expected)}"


def _apart(got: Any, expected: Any) -> str:
    """Return by how much numbers differ that look alike, and nothing for others."""
    try:
        with np.errstate(all="ignore"):
            apart = float(np.max(np.abs(np.subtract(got, expected))))
            size = float(np.max(np.abs(expected)))
    except (TypeError, ValueError, OverflowError):
        return ""
    return f" (differs by {apart:.2g})" if 0 < apart < _NEAR * size else ""


def _types(got: Any, expected: Any) -> str:
    theirs = f"{short(expected)} ({type(expected).__name__})"
    kind = getattr(got, "_kind", "")  # of what does not cross
    if kind in _FUNCTIONS:
        return f"got a function, expected {theirs}: what it would return?"
    mine = f"a value of type {kind}" if kind else f"{short(got)} ({type(got).__name__})"
    return f"got {mine}, expected {theirs}"
