"""What a sweep tries: its rules, schedules, rates, batch sizes and seeds."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import product
from typing import Any

from lrcourse._settings import (
    is_integer,
    require_counts,
    require_counts_or_zero,
    require_memory,
)
from lrcourse.optimizers import NetworkRule, Rule
from lrcourse.sweep.averages import Averaged
from lrcourse.sweep.chunks import Chunk, Plan, cut, of_one_kind, of_one_size
from lrcourse.sweep.examples import TRAIN
from lrcourse.sweep.folds import Group, Part
from lrcourse.sweep.looks import Sets
from lrcourse.sweep.measures import metrics
from lrcourse.sweep.rates import Column, Peaks, Schedules, columns, peaks, updates

Rules = Mapping[Any, Rule | NetworkRule]
MIB = 2**20


@dataclass(frozen=True)
class Grid:
    """Every rule with every schedule and rate, in every batch size, from every seed."""

    rules: Rules
    schedules: Schedules
    lrs: Peaks | None
    batch_sizes: Sequence[int]
    seeds: Sequence[int]

    def chunks(
        self, plan: Plan, folds: Sequence[Mapping[str, Part]], chunk_bytes: int
    ) -> list[Chunk]:
        """Return what is to be trained, for all `folds`, in chunks.

        Raises:
            ValueError: An argument of `sweep` does not fit the others.
        """
        chunks = []
        for place, size in enumerate(self.batch_sizes):
            of_size = replace(plan, place=place, batch_size=size)
            lrs = peaks(self.lrs, self.batch_sizes, size)
            for alike in of_one_size(self._groups(folds)):
                examples = Sets(plan.examples, alike).size(TRAIN)
                steps = updates(examples, size, plan.epochs)
                _require_within(steps, of_size, self.rules)
                for kind in of_one_kind(columns(self.schedules, lrs, steps)):
                    _require_metric(kind[0], plan)
                    chunks += cut(of_size, self.rules, alike, kind, chunk_bytes)
        return chunks

    def _groups(self, folds: Sequence[Mapping[str, Part]]) -> list[Group]:
        pairs = product(self.seeds, enumerate(folds))
        return [
            Group(place, seed, number, fold)
            for place, (seed, (number, fold)) in enumerate(pairs)
        ]


def checked_rules(
    rules: Mapping[Any, Any], average: Any, average_from: int, decay: float
) -> Rules:
    """Return `rules`, each with its weights averaged if `average` says so.

    Raises:
        ValueError: `rules` are none, or an average is not as `Averaged` says.
    """
    _require_rules(rules)
    require_counts_or_zero(average_from=average_from)
    require_memory(decay=decay)
    if average is not None:
        averaged = partial(
            Averaged, average=average, average_from=average_from, decay=decay
        )
        return {name: averaged(rule) for name, rule in rules.items()}
    if average_from:
        raise ValueError(
            f"average must be 'mean' or 'ema' to begin at average_from={average_from}, "
            "got None"
        )
    return rules


def checked_seeds(seeds: Iterable[int]) -> list[int]:
    """Return `seeds` as a list of whole numbers, at least one.

    Raises:
        ValueError: They are something else.
    """
    row = list(seeds) if isinstance(seeds, Iterable) else None
    if row is None or not all(is_integer(seed) and seed >= 0 for seed in row):
        raise ValueError(
            "seeds must be a row of whole numbers, zero or more, such as range(3), "
            f"got {seeds!r}"
        )
    if not row:
        raise ValueError("seeds must hold at least one seed, got none")
    return row


def checked_sizes(batch_size: int | Iterable[int]) -> list[int]:
    """Return the batch sizes, at least one, each a positive integer.

    Raises:
        ValueError: They are something else.
    """
    sizes = list(batch_size) if isinstance(batch_size, Iterable) else [batch_size]
    for size in sizes:
        require_counts(batch_size=size)
    if not sizes:
        raise ValueError("batch_size must hold at least one size, got none")
    return sizes


def checked_steps(at: int | Iterable[int]) -> tuple[int, ...]:
    """Return the numbers of updates `at` which to look, one or several."""
    return tuple(at) if isinstance(at, Iterable) else (at,)


def require_room(chunks: Sequence[Chunk], keep_bytes: int) -> None:
    """Refuse to keep more than `keep_bytes`.

    Raises:
        ValueError: It would be more.
    """
    kept = sum(chunk.kept_bytes for chunk in chunks)
    if kept > keep_bytes:
        members = sum(chunk.members for chunk in chunks)
        raise ValueError(
            f"keep must fit into keep_bytes={keep_bytes}, but what it names takes "
            f"{kept} bytes ({kept / MIB:.0f} MiB) for {members} trainings: look less "
            "often (at), keep less of fewer trainings, or work out what you need while "
            "they train (measures)"
        )


def _require_rules(rules: Any) -> None:
    if not isinstance(rules, Mapping) or not rules:
        raise ValueError(
            f'rules must name at least one update rule, {{"sgd": SGD()}}, got {rules!r}'
        )
    for name, rule in rules.items():
        made = not isinstance(rule, type)
        if not (made and hasattr(rule, "init") and hasattr(rule, "step")):
            raise ValueError(
                f"rules[{name!r}] must be an update rule, such as SGD() or Adam() of "
                f"lrcourse.optimizers, got {rule!r}"
            )


def _require_within(steps: int, plan: Plan, rules: Rules) -> None:
    """Refuse looks and averages that lie behind the last of the updates."""
    for step in plan.at:
        if not (is_integer(step) and 1 <= step <= steps):
            raise ValueError(
                f"at must be numbers of updates from 1 to {steps}, where the training "
                f"in batches of {plan.batch_size} ends, got {step!r}"
            )
    for name, rule in rules.items():
        if isinstance(rule, Averaged) and rule.average_from >= steps:
            raise ValueError(
                f"average_from must be below the {steps} updates in batches of "
                f"{plan.batch_size}, or rules[{name!r}] averages nothing, got "
                f"{rule.average_from}"
            )


def _require_metric(column: Column, plan: Plan) -> None:
    """Refuse a rule that looks at a metric without one."""
    allowed = metrics(plan.columns)
    if plan.metric not in allowed and (column.feedback or plan.metric is not None):
        raise ValueError(
            f"metric must be one of {', '.join(allowed)}, for schedules that look at "
            f"one ({column.schedule!r}), got {plan.metric!r}"
        )
