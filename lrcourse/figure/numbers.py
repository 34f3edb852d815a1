"""Numbers as a page reads them: exact ones, small ones, and ones in a sentence."""

import math
from base64 import b64decode, b64encode
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Context
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lrcourse.schedules import Schedule

_LARGEST, _NOT_FINITE = 65534, 65535


def exact(values: ArrayLike) -> str:
    """Return all bits of `values`, in 11 characters a number; JSON's digits take 20."""
    return b64encode(np.asarray(values, dtype="<f8").tobytes()).decode()


def on_log_scale(values: ArrayLike) -> dict[str, Any]:
    """Return positive `values` in 3 characters each, off by a ten-thousandth at most.

    What is not finite comes back as infinity.

    Raises:
        ValueError: a value is not positive, or none is finite.
    """
    array = np.asarray(values, dtype=np.float64)
    finite = np.isfinite(array)
    if not finite.any() or array[finite].min() <= 0:
        raise ValueError(f"losses must be positive, and some finite, got {array}")
    low, high = array[finite].min(), array[finite].max() * (1 + 1e-9)
    share = np.log(np.where(finite, array, low) / low) / np.log(high / low)
    codes = np.where(finite, np.round(share * _LARGEST), _NOT_FINITE)
    data = b64encode(codes.astype("<u2").tobytes()).decode()
    return {"low": float(low), "high": float(high), "codes": data}


def off_log_scale(stored: Mapping[str, Any]) -> NDArray[np.float64]:
    """Return what `on_log_scale` stored, in one row, as the page reads it."""
    codes = np.frombuffer(b64decode(stored["codes"]), dtype="<u2")
    values = stored["low"] * (stored["high"] / stored["low"]) ** (codes / _LARGEST)
    return np.where(codes == _NOT_FINITE, np.inf, values)


# as JavaScript does; Python's own formats round a tie, such as 1 / 32, to even digits
_TO_DIGITS = {n: Context(prec=n, rounding=ROUND_HALF_UP) for n in range(1, 17)}


def short(value: float, digits: int = 3) -> str:
    """Write three digits, or as many as asked, that the page writes alike.

    >>> [short(value) for value in (0.1 + 0.2, 12345.0, 1.234e-8, math.inf)]
    ['0.3', '12300', '1.23e-8', 'beyond all bounds']
    >>> short(1 / 32), short(2 / 3, digits=5)
    ('0.0313', '0.66667')
    """
    if not math.isfinite(value):
        return "beyond all bounds"
    rounded = _TO_DIGITS[digits].create_decimal(float(value))
    if value == 0 or 1e-3 <= abs(value) < 1e6:
        return f"{float(rounded) or 0.0:.10g}"
    mantissa, _, exponent = f"{rounded:.{digits - 1}e}".partition("e")
    return f"{mantissa}e{int(exponent)}"


def with_own(
    schedules: Mapping[str, Schedule], extra: Mapping[str, Schedule], steps: range
) -> dict[str, list[float]]:
    """Ask `schedules`, and a reader's own in `extra`, for their rates at `steps`.

    Raises:
        ValueError: a name in both, or one that is no function of the step, raises, or
            returns what is no finite number; the message names it, and the step.
    """
    if double := sorted(schedules.keys() & extra.keys()):
        raise ValueError(f"extra needs names of its own, got {double[0]!r} again")
    asked = {"schedules": schedules, "extra": extra}
    return {
        name: [_rate(f"{argument}[{name!r}]", schedule, step) for step in steps]
        for argument, group in asked.items()
        for name, schedule in group.items()
    }


def _rate(name: str, schedule: object, step: int) -> float:
    if not callable(schedule):
        raise ValueError(
            f"{name} must be a function from step to learning rate, got {schedule!r}"
        )
    try:
        rate = schedule(step)
    except Exception as error:  # a learner's function may raise anything
        what = f"{type(error).__name__}: {error}"
        raise ValueError(f"{name} raises at step {step}: {what}") from error
    if isinstance(rate, bool) or not (isinstance(rate, Real) and math.isfinite(rate)):
        raise ValueError(
            f"{name} must return a finite number at every step, "
            f"got {rate!r} at step {step}"
        )
    return float(rate)
