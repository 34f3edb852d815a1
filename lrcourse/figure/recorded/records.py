"""Recorded runs by the state they belong to: a mapping or a table, read alike."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any, Protocol, TypeAlias

from lrcourse.figure.controls import Choice, Stops

Key: TypeAlias = tuple[Any, ...]  # a value of each control, in their order


class Table(Protocol):
    """A table with named columns, as of pandas."""

    @property
    def columns(self) -> Any:
        """The names of the columns."""

    def __getitem__(self, name: Any) -> Any:
        """Return a column."""


Results: TypeAlias = Mapping[Any, Mapping[str, Any]] | Table


@dataclass(frozen=True)
class Records:
    """What was recorded at each state, by name."""

    keys: Sequence[str]
    rows: Mapping[Key, Mapping[str, Any]]

    def at(self, state: Key, name: str) -> Any:
        """Return a result at a state."""
        return self.rows[state][name]

    def require(self, states: Sequence[Key], names: Sequence[str]) -> None:
        """Refuse records without one of `states`, or without one of `names` there."""
        for state in states:
            where = ", ".join(map("{}={!r}".format, self.keys, state))
            if state not in self.rows:
                raise ValueError(
                    f"results must hold each of the {len(states)} states, "
                    f"nothing stands at {where}"
                )
            for name in names:
                if name not in self.rows[state]:
                    known = ", ".join(map(str, self.rows[state]))
                    raise ValueError(f"results must hold {name!r} at {where}: {known}")


def records(results: Results, controls: Sequence[Stops | Choice]) -> Records:
    """Return `results` by state.

    They map a value of each of `controls`, in their order, to what was recorded there
    by name; or they are a table with a column for each control, and a row for each
    state, or several in the order of a series.

    Raises:
        ValueError: keys of another length, or a control without a column.
    """
    keys = [control.key for control in controls]
    rows = results if isinstance(results, Mapping) else _rows(results, keys)
    found = {}
    for key, row in rows.items():
        state = key if isinstance(key, tuple) else (key,)
        if len(state) != len(keys):
            raise ValueError(f"results must be keyed by {', '.join(keys)}, got {key!r}")
        found[tuple(map(_own, controls, state))] = row
    return Records(keys, found)


def _rows(table: Table, keys: Sequence[str]) -> dict[Key, dict[str, list[Any]]]:
    """Return the rows of a table by state, each result a list in their order."""
    columns = {str(name): list(table[name]) for name in table.columns}
    for key in keys:
        if key not in columns:
            known = ", ".join(columns)
            raise ValueError(f"results must have a column {key!r}, got {known}")
    found: dict[Key, dict[str, list[Any]]] = {}
    for number, state in enumerate(zip(*(columns[key] for key in keys), strict=True)):
        row = found.setdefault(state, {name: [] for name in columns})
        for name, column in columns.items():
            row[name].append(column[number])
    return found


def _own(control: Stops | Choice, value: Any) -> Any:
    """Return the control's own value that `value` is, up to rounding."""
    return next((own for own in control.values if _same(own, value)), value)


def _same(own: Any, value: Any) -> bool:
    if isinstance(own, Real) and isinstance(value, Real):
        # a table may hold rates in float32
        return math.isclose(float(own), float(value), rel_tol=1e-6)
    return bool(own == value)
