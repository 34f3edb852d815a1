"""What a table of trainings says: its best setting, and the rates that are usable.

A table is what `sweep` returns, or a data frame of your own: a row a training, columns
for its setting, and columns for what was measured. A setting counts with the mean over
its rows, so over seeds and folds; one of whose trainings any failed (what it measured
is nan) cannot be the best.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from lrcourse._settings import require_choice, require_nonnegative

if TYPE_CHECKING:
    import pandas as pd  # no more than the type: the table brings its own methods

Mode = Literal["min", "max"]
Edge = Literal["lowest", "highest", "only"]
SETTINGS = ("rule", "schedule", "lr", "batch_size")


@dataclass(frozen=True)
class Best:
    """The best setting of a table: `value` is the mean of `metric` there.

    `edges` says along which axes it is the "lowest", the "highest" or the "only" value
    tried: the best may lie beyond. `failed` counts the trainings of the whole table
    that failed. Printed, it says so in a sentence, and which value to try next.
    """

    metric: str
    value: float
    setting: dict[str, Any]
    edges: dict[str, Edge]
    failed: int
    tried: dict[str, list[float]]

    @property
    def at_edge(self) -> bool:
        """Whether the best setting lies at the edge of its grid along any axis."""
        return bool(self.edges)

    def __str__(self) -> str:
        where = ", ".join(
            f"{name} {value:.4g}" if isinstance(value, float) else f"{name} {value}"
            for name, value in self.setting.items()
        )
        parts = [f"best {self.metric} {self.value:.4g} at {where}"]
        parts += [_edge_report(axis, self) for axis in self.edges]
        if self.failed:
            parts.append(f"{self.failed} trainings of the table failed")
        return "; ".join(parts)


def best(
    table: pd.DataFrame,
    metric: str,
    mode: Mode | None = None,
    settings: Sequence[str] | None = None,
) -> Best:
    """Return the setting with the best mean `metric`, and whether it lies at an edge.

    Of settings that are equally good, the first in the table. Choose by a metric of
    data that do not judge: what chose a setting flatters it.

    Args:
        table: One row a training; of several epochs or steps only one.
        metric: The column to go by.
        mode: "min" or "max"; by default "min" where the name has "loss" or "error" in
            it and "max" where it has "accuracy".
        settings: The columns that make a setting; by default those of rule, schedule,
            lr and batch_size that the table has. Those of numbers are its axes.

    Raises:
        ValueError: a column is missing, `mode` cannot be told from the name, the table
            has rows of several epochs or steps, or every setting has failed trainings.
    """
    mode = _mode(metric, mode)
    names = _settings(table, metric, settings)
    means, failed = _means(table, metric, names)
    if means.isna().all():
        raise ValueError(
            f"every setting has trainings that failed, {failed} of {len(table)}: try "
            "lower rates"
        )
    place = means.idxmin() if mode == "min" else means.idxmax()
    values = place if isinstance(place, tuple) else (place,)
    plain = [v.item() if isinstance(v, np.generic) else v for v in values]
    setting = dict(zip(names, plain, strict=True))
    tried = _axes(table, setting)
    edges = {axis: edge for axis in tried if (edge := _edge(axis, setting, tried))}
    value = float(means.min() if mode == "min" else means.max())
    return Best(metric, value, setting, edges, failed, tried)


@dataclass(frozen=True)
class UsableRange:
    """From which to which value an axis may be set: both ends are values tried.

    `edges` says where the range ends because the grid does: "lowest", "highest".
    """

    low: float
    high: float
    edges: tuple[Edge, ...]

    @property
    def decades(self) -> float:
        """How many powers of ten lie between the ends: 0 where one value is usable."""
        return math.log10(self.high / self.low)


def usable_range(
    table: pd.DataFrame,
    metric: str,
    within: float,
    axis: str = "lr",
    mode: Mode | None = None,
) -> UsableRange:
    """Return the values of `axis` around the best whose `metric` is `within` of it.

    A stretch without holes: on each side it ends before the first value that is worse
    than that, or at which a training failed. `mode` as for `best`. For several rules,
    ``{name: usable_range(part, ...) for name, part in table.groupby("rule")}``.

    Raises:
        ValueError: the table holds several settings besides `axis`, `axis` is not
            positive numbers, `within` is negative; and as for `best`.
    """
    require_nonnegative(within=within)
    mode = _mode(metric, mode)
    _require_one_setting(table, metric, axis)
    found = best(table, metric, mode, settings=[axis])
    values = sorted(_positive_axis(table, axis))
    means = _means(table, metric, [axis])[0].loc[values].to_numpy()
    sign = 1 if mode == "min" else -1
    good = sign * (means - found.value) <= within  # nan is not
    place = values.index(found.setting[axis])
    low = place - _run_length(good[:place][::-1])
    high = place + _run_length(good[place + 1 :])
    ends: list[Edge] = ["lowest"] if low == 0 else []
    ends += ["highest"] if high == len(values) - 1 else []
    return UsableRange(float(values[low]), float(values[high]), tuple(ends))


def _require_one_setting(table: pd.DataFrame, metric: str, axis: str) -> None:
    """Refuse a table in which something else changes than the values of `axis`."""
    others = [n for n in _settings(table, metric, None) if n != axis]
    if several := [name for name in others if table[name].nunique(dropna=False) > 1]:
        raise ValueError(
            f"table must hold one setting besides {axis}, got several of "
            f"{', '.join(several)}: take one, or use table.groupby({several[0]!r})"
        )


def _run_length(good: Any) -> int:
    """Return how many are good before the first that is not."""
    return len(good) if good.all() else int(good.argmin())


def _mode(metric: str, mode: Mode | None) -> Mode:
    if mode is not None:
        require_choice("mode", mode, ("min", "max"))
        return mode
    if "loss" in metric or "error" in metric:
        return "min"
    if "accuracy" in metric:
        return "max"
    raise ValueError(f"mode must be 'min' or 'max' for the metric {metric!r}")


def _settings(
    table: pd.DataFrame, metric: str, settings: Sequence[str] | None
) -> list[str]:
    """Return the columns that make a setting, all of which the table has."""
    names = [n for n in SETTINGS if n in table] if settings is None else list(settings)
    missing = [name for name in (metric, *names) if name not in table]
    if missing or not names or not len(table):
        raise ValueError(
            f"table must have rows, and columns {[metric, *(names or SETTINGS)]}, got "
            f"{len(table)} rows of {list(table.columns)}"
        )
    for look in {"epoch", "step"} & set(table.columns) - set(names):
        if (looks := table[look].nunique()) > 1:
            raise ValueError(
                f"table must hold one {look}, got rows of {looks}: take "
                f"table[table.{look} == table.{look}.max()]"
            )
    return names


def _means(
    table: pd.DataFrame, metric: str, names: Sequence[str]
) -> tuple[pd.Series, int]:
    """Return the mean of each setting, nan if a training failed, and how many did."""
    values = table[metric].astype(float)
    finite = values.where(np.isfinite(values))
    groups = finite.groupby([table[name] for name in names], sort=False, dropna=False)
    whole = groups.count() == groups.size()
    return groups.mean().where(whole), int(finite.isna().sum())


def _axes(table: pd.DataFrame, setting: dict[str, Any]) -> dict[str, list[float]]:
    """Return the values tried along each numeric axis, among rows alike in the rest."""
    numeric = [n for n in setting if table[n].dtype.kind in "iuf"]
    alike = table
    for name in setting.keys() - set(numeric):
        alike = alike[alike[name] == setting[name]]
    return {
        axis: sorted(alike[axis].unique().tolist())
        for axis in numeric
        if table[axis].nunique() > 1
    }


def _edge(
    axis: str, setting: dict[str, Any], tried: dict[str, list[float]]
) -> Edge | None:
    values = tried[axis]
    if len(values) == 1:
        return "only"
    if setting[axis] == values[0]:
        return "lowest"
    return "highest" if setting[axis] == values[-1] else None


def _edge_report(axis: str, found: Best) -> str:
    """Say in words that the best is at an edge, and what to try beyond it."""
    edge, values = found.edges[axis], found.tried[axis]
    if edge == "only":
        return f"{axis} {values[0]:g} is the only one tried: try others on both sides"
    end, before = (values[0], values[1]) if edge == "lowest" else values[:-3:-1]
    beyond = end * end / before if end * before > 0 else 2 * end - before
    return (
        f"{axis} {end:g} is the {edge} one tried: widen the grid, "
        f"{axis} {beyond:.3g} next"
    )


def _positive_axis(table: pd.DataFrame, axis: str) -> list[float]:
    values: list[float] = table[axis].unique().tolist()
    if not all(isinstance(v, int | float) and 0 < v < math.inf for v in values):
        raise ValueError(f"{axis} must be positive numbers, got {values}")
    return values
