"""What was recorded at every state of some controls: checked, small, and read again.

A result is a number, a text or a series at each state. It is stored without the
controls that change nothing in it, and read from what is stored, as the page reads it.
"""

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from lrcourse.figure.controls import Choice, Stops
from lrcourse.figure.recorded.codes import (
    off_said_numbers,
    off_scale,
    on_scale,
    once_each,
    said_numbers,
)
from lrcourse.figure.recorded.records import Records

Listed: TypeAlias = Stops | Choice  # a control with named values
Values: TypeAlias = NDArray[Any]  # numbers or texts
Kept: TypeAlias = dict[str, Values]


@dataclass(frozen=True)
class Wanted:
    """Which results a figure reads: by name, and how.

    Of `ends` the last value at each state, as it is said, or a text; of `lists` all of
    them, as they are said; of `series` all of them, as shares of what they span;
    those among `logs` are drawn on a log scale.
    """

    ends: Iterable[str] = ()
    lists: Iterable[str] = ()
    series: Iterable[str] = ()
    logs: Iterable[str] = ()

    @property
    def names(self) -> list[str]:
        """Every name once."""
        return list(dict.fromkeys([*self.ends, *self.lists, *self.series]))


@dataclass(frozen=True)
class Lattice:
    """Results over `controls`, as the page gets them and as it reads them.

    `numbers` and `series` have shape (values of a control, ..., points), one long where
    a control changes nothing. `stored` holds both for the page, and `lengths` how many
    values a result had of which only the last is read.
    """

    controls: Sequence[Listed]
    numbers: Kept
    series: Kept
    stored: Mapping[str, Mapping[str, Any]]
    lengths: Mapping[str, int]

    def number(self, name: str, state: Mapping[str, Any]) -> Any:
        """Return a number or a text at a state."""
        return self._at(self.numbers[name], state)[-1]

    def course(self, name: str, state: Mapping[str, Any]) -> Values:
        """Return a series at a state, shape (points,)."""
        return self._at(self.series[name], state)

    def changed_by(self, key: str) -> bool:
        """Say whether any result depends on the control `key`."""
        axis = [control.key for control in self.controls].index(key)
        every = [*self.numbers.values(), *self.series.values()]
        return any(found.shape[axis] > 1 for found in every)

    def _at(self, found: Values, state: Mapping[str, Any]) -> Values:
        places = (
            list(control.values).index(state[control.key]) if size > 1 else 0
            for control, size in zip(self.controls, found.shape, strict=False)
        )
        return np.asarray(found[tuple(places)])


def lattice(records: Records, controls: Sequence[Listed], wanted: Wanted) -> Lattice:
    """Return the `wanted` results at every state of `controls`.

    Raises:
        ValueError: a state that is not there, a name that is missing in one, or a
            result that has not one length.
    """
    states = list(itertools.product(*(control.values for control in controls)))
    records.require(states, wanted.names)
    shape = tuple(len(control.values) for control in controls)
    full = {
        name: _array(name, [records.at(state, name) for state in states], shape)
        for name in wanted.names
    }
    numbers = {name: full[name][..., -1:] for name in wanted.ends}
    numbers |= {name: full[name] for name in wanted.lists}
    series = {name: full[name] for name in wanted.series}
    stored_numbers, kept_numbers = _stored(
        numbers, lambda _, values: said_numbers(values), off_said_numbers
    )
    stored_series, kept_series = _stored(
        series, lambda name, values: on_scale(values, name in wanted.logs), off_scale
    )
    stored = {"numbers": stored_numbers, "series": stored_series}
    lengths = {name: full[name].shape[-1] for name in wanted.ends}
    return Lattice(controls, kept_numbers, kept_series, stored, lengths)


def _array(name: str, values: list[Any], shape: tuple[int, ...]) -> Values:
    """Return one result as an array of shape (*shape, points)."""
    flat = [np.atleast_1d(value) for value in values]
    lengths = sorted({len(each) for each in flat})
    if len(lengths) > 1 or any(each.ndim > 1 for each in flat):
        raise ValueError(
            f"{name!r} must be one number, text or series of one length at every "
            f"state, got lengths {', '.join(map(str, lengths))}; fill with nan what "
            "ended early"
        )
    whole = np.array(flat)
    if whole.dtype.kind not in "biufU":
        raise ValueError(f"{name!r} must hold numbers or texts, got {values[0]!r}")
    return whole.reshape(*shape, -1)


def _stored(
    results: Mapping[str, Values],
    store: Callable[[str, Values], dict[str, Any]],
    read: Callable[[Mapping[str, Any]], Values],
) -> tuple[dict[str, dict[str, Any]], Kept]:
    """Return results as the page gets them, and as it reads them."""
    stored, kept = {}, {}
    for name, full in results.items():
        axes = [axis for axis in range(full.ndim - 1) if not _same_along(full, axis)]
        index = (
            slice(None) if axis in axes else slice(1) for axis in range(full.ndim - 1)
        )
        small = full[tuple(index)]
        head = {"axes": axes, "points": full.shape[-1]}
        if full.dtype.kind == "U":
            stored[name], kept[name] = head | once_each(small.ravel().tolist()), small
            continue
        code = store(name, small)
        stored[name], kept[name] = head | code, read(code).reshape(small.shape)
    return stored, kept


def _same_along(full: Values, axis: int) -> bool:
    first = np.broadcast_to(np.take(full, [0], axis=axis), full.shape)
    if full.dtype.kind == "U":
        return bool((full == first).all())
    return bool(np.array_equal(full, first, equal_nan=True))
