"""Recorded numbers as a page stores them: 16 bits each, 3 characters of text.

Numbers that a sentence may say keep their three digits, and counts all of theirs.
Series are off by less than a pixel: by a 65 000th of what they span, or of what their
logarithm spans. Texts are stored once each.
"""

from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lrcourse._arrays import Array
from lrcourse.figure.numbers import off_log_scale, on_log_scale, short

_LARGEST, _NOT_FINITE = 65534, 65535
_SMALLEST = 1e-150  # whose ratio to the largest is a number, too
_MANTISSAS, _EXPONENTS = 900, 36  # 100 to 999, times 36 powers of ten, times two signs


def said_numbers(values: ArrayLike) -> dict[str, Any]:
    """Return `values` as counts where all are, else with three digits each.

    What is not finite comes back as infinity.
    """
    array = np.asarray(values, dtype=np.float64).ravel()
    finite = array[np.isfinite(array)]
    low = finite.min(initial=0)
    if (finite % 1).any() or finite.max(initial=0) - low > _LARGEST:
        return three_digits(array)
    codes = np.where(np.isfinite(array), array - low, _NOT_FINITE)
    return {"least": float(low), "codes": _text(codes)}


def off_said_numbers(stored: Mapping[str, Any]) -> Array:
    """Return what `said_numbers` stored, in one row, as the page reads it."""
    if "least" not in stored:
        return off_three_digits(stored)
    codes = _codes(stored)
    return np.where(codes == _NOT_FINITE, np.inf, codes + stored["least"])


def three_digits(values: ArrayLike) -> dict[str, Any]:
    """Return `values` with three digits each, as `short` writes them.

    What is not finite comes back as infinity, what is below 1e-35 of the largest as 0.
    """
    array = np.asarray(values, dtype=np.float64).ravel()
    parts = [_parts(value) for value in array if np.isfinite(value) and value]
    lowest = max((power for _, power in parts), default=0) - _EXPONENTS + 1
    codes = [_code(float(value), lowest) for value in array]
    return {"lowest": lowest, "codes": _text(codes)}


def off_three_digits(stored: Mapping[str, Any]) -> Array:
    """Return what `three_digits` stored, in one row, as the page reads it."""
    return np.array([_value(int(code), stored["lowest"]) for code in _codes(stored)])


def on_scale(values: ArrayLike, log: bool = False) -> dict[str, Any]:
    """Return `values` as shares of what they span, or their logarithms if positive.

    What is not finite comes back as infinity.
    """
    array = np.asarray(values, dtype=np.float64).ravel()
    finite = array[np.isfinite(array)]
    low, high = (finite.min(), finite.max()) if finite.size else (0.0, 0.0)
    if log and low > _SMALLEST:
        return {"log": True, **on_log_scale(array)}
    span = (high - low) or 1.0
    share = np.where(np.isfinite(array), (array - low) / span, 0)
    codes = np.where(np.isfinite(array), np.round(share * _LARGEST), _NOT_FINITE)
    return {"low": float(low), "high": float(low + span), "codes": _text(codes)}


def off_scale(stored: Mapping[str, Any]) -> Array:
    """Return what `on_scale` stored, in one row, as the page reads it."""
    if stored.get("log"):
        return off_log_scale(stored)
    codes, low, high = _codes(stored), stored["low"], stored["high"]
    return np.where(
        codes == _NOT_FINITE, np.inf, low + (high - low) * (codes / _LARGEST)
    )


def once_each(texts: Sequence[str]) -> dict[str, Any]:
    """Return the distinct `texts`, and for each place which of them stands there."""
    distinct = list(dict.fromkeys(texts))
    place = {text: number for number, text in enumerate(distinct)}
    return {"texts": distinct, "codes": _text([place[text] for text in texts])}


def _parts(value: float) -> tuple[int, int]:
    """Return three digits as an integer from 100 to 999, and a power of ten."""
    digits, _, power = f"{Decimal(short(abs(value))):.2e}".partition("e")
    return int(digits.replace(".", "")), int(power) - 2


def _code(value: float, lowest: int) -> int:
    if not np.isfinite(value):
        return _NOT_FINITE
    if not value:
        return 0
    mantissa, power = _parts(value)
    if power < lowest:
        return 0
    size = 1 + (power - lowest) * _MANTISSAS + mantissa - 100
    return size if value > 0 else size + _MANTISSAS * _EXPONENTS


def _value(code: int, lowest: int) -> float:
    if code in (0, _NOT_FINITE):
        return 0.0 if code == 0 else float("inf")
    negative, size = divmod(code - 1, _MANTISSAS * _EXPONENTS)
    power, mantissa = divmod(size, _MANTISSAS)
    return float(f"{'-' if negative else ''}{mantissa + 100}e{power + lowest}")


def _text(codes: ArrayLike) -> str:
    return b64encode(np.asarray(codes).astype("<u2").tobytes()).decode()


def _codes(stored: Mapping[str, Any]) -> NDArray[np.uint16]:
    return np.frombuffer(b64decode(stored["codes"]), dtype="<u2")
