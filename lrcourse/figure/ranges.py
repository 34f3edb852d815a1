"""A recorded range test, smoothed as one likes, and what rules read off it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lrcourse.figure.controls import Choice, Slider, Stops
from lrcourse.figure.element import Figure
from lrcourse.figure.numbers import exact, off_log_scale, on_log_scale, short
from lrcourse.training import RULES, RangeTest, smooth

Reading = Callable[[Any, Any], float]  # rates and smoothed losses -> a rate
ReadOff = dict[str, float | None]
TITLE = "a range test, and the rates that rules read off it"
SMOOTHINGS = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98)


def range_figure(
    tests: Mapping[str, RangeTest],
    *,
    start: Mapping[str, Any],
    readings: Mapping[str, Reading] = RULES,
    smoothings: Sequence[float] = SMOOTHINGS,
    marks: Mapping[str, Mapping[str, Any]] | None = None,
    name: str = "",
    question: str = "",
) -> Figure:
    """Show recorded range `tests`, and the rates that `readings` find on each.

    A state has a ``test``, a ``beta`` that smooths its losses, one of `smoothings`, and
    an ``update``, whose rate is the cursor's. A reading takes rates and smoothed
    losses; where it finds nothing, with a ValueError, it has no mark.

    Raises:
        ValueError: tests at different rates, or a state that the figure does not have.
    """
    lrs = _shared_rates(tests)
    losses = {name: on_log_scale(test.losses) for name, test in tests.items()}
    found = {
        name: [_found(test, beta, readings) for beta in smoothings]
        for name, test in tests.items()
    }
    controls = (
        Choice("test", "range test", tuple(tests)),
        Stops("beta", "smoothing", tuple(smoothings)),
        Slider("update", "update", 0, len(lrs) - 1, 1),
    )
    data = {"lrs": exact(lrs), "losses": losses, "found": found}

    def says(state: Mapping[str, Any]) -> str:
        test, beta, update = state["test"], state["beta"], state["update"]
        smoothed = smooth(off_log_scale(losses[test])[: len(lrs)], beta)
        rates = found[test][list(smoothings).index(beta)]
        read = ", ".join(f"{rule} {_in_words(lr)}" for rule, lr in rates.items())
        at = f"at the rate {short(lrs[update])} the loss is {short(smoothed[update])}"
        return f"{test}, smoothing {short(beta)}: {at}. Read off: {read}."

    return Figure(
        "ranges", controls, data, start, says, marks or {}, name, question, TITLE
    )


def _shared_rates(tests: Mapping[str, RangeTest]) -> NDArray[np.float64]:
    shortest = min(len(test.lrs) for test in tests.values())
    first, *others = (test.lrs[:shortest] for test in tests.values())
    if not all(np.array_equal(first, other) for other in others):
        raise ValueError("tests must use the same rates, update by update")
    return np.asarray(first)


def _found(test: RangeTest, beta: float, readings: Mapping[str, Reading]) -> ReadOff:
    smoothed = smooth(test.losses, beta)
    return {
        name: _read(reading, test.lrs, smoothed) for name, reading in readings.items()
    }


def _read(reading: Reading, lrs: ArrayLike, smoothed: ArrayLike) -> float | None:
    """Return a rate to four digits; None where the reading says that there is none."""
    try:
        return float(f"{reading(lrs, smoothed):.4g}")
    except ValueError:
        return None


def _in_words(lr: float | None) -> str:
    return "nothing" if lr is None else short(lr)
