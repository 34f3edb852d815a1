"""What a reader can set: a number, one of a row, a name, or a row of heights."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from numbers import Real
from typing import Any, TypeAlias

import numpy as np

from lrcourse.figure.numbers import short

State: TypeAlias = dict[str, Any]  # a control's key -> its value


@dataclass(frozen=True)
class Slider:
    """A number between `low` and `high`; a push moves it by `step`."""

    key: str
    label: str
    low: float
    high: float
    step: float

    @property
    def allowed(self) -> str:
        """What a reader may set, in words."""
        return f"from {self.low:g} to {self.high:g}"

    def allows(self, value: object) -> bool:
        """Say whether a reader may set `value`."""
        is_number = isinstance(value, Real) and not isinstance(value, bool)
        return is_number and self.low <= float(value) <= self.high  # type: ignore[arg-type]


@dataclass(frozen=True)
class Stops:
    """One of `values`, in their order, on a slider with a stop for each."""

    key: str
    label: str
    values: Sequence[float | str]

    def __post_init__(self) -> None:
        plain = [v.item() if isinstance(v, np.generic) else v for v in self.values]
        object.__setattr__(self, "values", tuple(plain))

    @property
    def allowed(self) -> str:
        return "one of " + ", ".join(map(str, self.values))

    def allows(self, value: object) -> bool:
        return value in self.values


@dataclass(frozen=True)
class Choice:
    """One of the names in `values`."""

    key: str
    label: str
    values: Sequence[str]

    @property
    def allowed(self) -> str:
        return "one of " + ", ".join(self.values)

    def allows(self, value: object) -> bool:
        return value in self.values


@dataclass(frozen=True)
class Handles:
    """A height from 0 to `high` at each step of `at`, to be dragged."""

    key: str
    label: str
    high: float
    at: Sequence[int]

    @property
    def allowed(self) -> str:
        return f"{len(self.at)} numbers from 0 to {self.high:g}"

    def allows(self, value: object) -> bool:
        one = Slider(self.key, self.label, 0, self.high, self.high)
        is_list = isinstance(value, list) and len(value) == len(self.at)
        return is_list and all(map(one.allows, value))  # type: ignore[call-overload]


Control: TypeAlias = Slider | Stops | Choice | Handles


def shown(value: float | str) -> str:
    """Write a value as the page does: counts as they are, three digits of the rest.

    >>> [shown(value) for value in (1125, 0.12345, 2.5e7, "Adam")]
    ['1125', '0.123', '2.50e7', 'Adam']
    """
    if isinstance(value, str):
        return value
    is_count = float(value).is_integer() and abs(value) < 1e6
    return str(int(value)) if is_count else short(value)


def described(control: Control) -> dict[str, Any]:
    """Return `control` as the page reads it."""
    return {"kind": type(control).__name__.lower(), **asdict(control)}


def completed(
    controls: Sequence[Control],
    start: Mapping[str, Any],
    marks: Mapping[str, Mapping[str, Any]],
) -> dict[str, State]:
    """Return a value of every control for "start" and each of `marks`.

    What a mark leaves out stays as at the start.

    Raises:
        ValueError: a setting of no control, or one that its control does not allow.
    """
    keys = ", ".join(control.key for control in controls)
    if missing := [control.key for control in controls if control.key not in start]:
        raise ValueError(f"start must set {keys}, got none for {missing[0]}")
    whole = {"start": dict(start)}
    whole |= {name: {**start, **mark} for name, mark in marks.items()}
    for name, state in whole.items():
        for key in state.keys() - {control.key for control in controls}:
            raise ValueError(f"{name}: sets {key!r}; this figure has {keys}")
        for control in controls:
            value = state[control.key]
            if not control.allows(value):
                raise ValueError(
                    f"{name}: {control.key} must be {control.allowed}, got {value!r}"
                )
    return whole
