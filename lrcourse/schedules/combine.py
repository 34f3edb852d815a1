"""Schedules made of schedules: joined, warmed up, held, scaled."""

import math
from collections.abc import Iterable, Sequence
from typing import Literal

from lrcourse._settings import (
    plain_numbers,
    require_choice,
    require_counts,
    require_counts_or_zero,
    require_nonnegative,
)
from lrcourse.schedules.schedule import (
    Schedule,
    checked,
    require_lr_range,
    require_schedule,
    rising,
)


@plain_numbers
def join(schedules: Sequence[Schedule], boundaries: Sequence[int]) -> Schedule:
    """Play `schedules` one after another, each counting its own steps from zero.

    At a boundary the next one plays its step 0. PyTorch's ``SequentialLR``, Optax'
    ``join_schedules``.

    Raises:
        ValueError: `schedules` are no schedules, `boundaries` no positive integers in
            rising order, or not one fewer.

    >>> from lrcourse.schedules import constant, linear
    >>> schedule = join([constant(1.0), linear(8.0, total_steps=2)], [2])
    >>> [schedule(step) for step in range(5)]
    [1.0, 1.0, 8.0, 4.0, 0.0]
    """
    if not isinstance(schedules, Iterable):
        raise ValueError(f"schedules must be a list of schedules, got {schedules!r}")
    parts, starts = tuple(schedules), (0, *rising("boundaries", boundaries))
    for part in parts:
        require_schedule("each of schedules", part)
    if len(parts) != len(starts):
        raise ValueError(
            "join needs one boundary fewer than schedules, "
            f"got {len(parts)} schedules and {len(starts) - 1} boundaries"
        )

    @checked
    def schedule(step: int) -> float:
        active = sum(step >= start for start in starts[1:])
        return parts[active](step - starts[active])

    return schedule


@plain_numbers
def warmup(schedule: Schedule, warmup_steps: int) -> Schedule:
    """Climb in a straight line to where `schedule` starts, then follow it.

    The warmup comes in front: `schedule` plays its step 0 at step `warmup_steps`, as
    in Keras' ``CosineDecay``; Optax counts the warmup into its ``decay_steps``. The
    first update already moves: its learning rate is one rung up, not zero. With no
    warmup steps it is `schedule` itself.

    >>> from lrcourse.schedules import constant
    >>> [warmup(constant(3.0), warmup_steps=3)(step) for step in range(5)]
    [1.0, 2.0, 3.0, 3.0, 3.0]
    """
    require_schedule("schedule", schedule)
    require_counts_or_zero(warmup_steps=warmup_steps)
    if warmup_steps == 0:
        return checked(schedule)
    peak_lr = schedule(0)

    def ramp(step: int) -> float:
        return peak_lr * ((step + 1) / warmup_steps)

    return join([ramp, schedule], [warmup_steps])


@plain_numbers
def hold(schedule: Schedule, start: int, stop: int) -> Schedule:
    """Pause `schedule` from step `start` to step `stop`, at the rate of `start`.

    Afterwards it continues where it stopped, as if the time in between had not
    passed: its end comes ``stop - start`` steps later and nothing jumps.

    Raises:
        ValueError: `start` and `stop` are no steps, or `stop` does not come after.

    >>> from lrcourse.schedules import linear
    >>> schedule = hold(linear(3.0, total_steps=3), start=1, stop=3)
    >>> [schedule(step) for step in range(7)]
    [3.0, 2.0, 2.0, 2.0, 1.0, 0.0, 0.0]
    """
    require_schedule("schedule", schedule)
    require_counts_or_zero(start=start)
    require_counts(stop=stop)
    if stop <= start:
        raise ValueError(f"stop must be after start={start}, got {stop}")
    return checked(lambda step: schedule(min(step, max(start, step - (stop - start)))))


@plain_numbers
def scale(schedule: Schedule, factor: float) -> Schedule:
    """Multiply every learning rate of `schedule` by `factor`.

    One schedule for all layers, a smaller one for the early ones: PyTorch's
    ``LambdaLR`` with the schedule as its function and `factor` as the group's ``lr``.

    >>> from lrcourse.schedules import linear
    >>> [scale(linear(3.0, total_steps=3), 0.5)(step) for step in range(4)]
    [1.5, 1.0, 0.5, 0.0]
    """
    require_schedule("schedule", schedule)
    require_nonnegative(factor=factor)
    return checked(lambda step: factor * schedule(step))


@plain_numbers
def wsd(
    max_lr: float,
    total_steps: int,
    warmup_steps: int,
    cooldown_steps: int,
    min_lr: float = 0.0,
    shape: Literal["linear", "1-sqrt"] = "linear",
) -> Schedule:
    """Warm up, stay at `max_lr`, cool down to `min_lr`, stay there.

    Warmup-stable-decay: the cooldown takes the last `cooldown_steps` of `total_steps`,
    so a longer training changes the middle only. The warmup is that of `warmup`, and
    may have no steps. The cooldown is a straight line, or falls as ``1 -
    sqrt(progress)``: fast at first, slowly at last (Hägele et al., Scaling Laws and
    Compute-Optimal Training Beyond Fixed Training Durations, 2024).

    Raises:
        ValueError: a setting does not fit, or warmup and cooldown together are longer
            than `total_steps`.

    >>> schedule = wsd(6.0, total_steps=7, warmup_steps=2, cooldown_steps=3)
    >>> [schedule(step) for step in range(9)]
    [3.0, 6.0, 6.0, 6.0, 6.0, 4.0, 2.0, 0.0, 0.0]
    >>> schedule = wsd(8.0, 5, warmup_steps=0, cooldown_steps=4, shape="1-sqrt")
    >>> [round(schedule(step), 3) for step in range(6)]
    [8.0, 8.0, 4.0, 2.343, 1.072, 0.0]
    """
    require_counts(total_steps=total_steps, cooldown_steps=cooldown_steps)
    require_counts_or_zero(warmup_steps=warmup_steps)
    require_lr_range(min_lr, max_lr)
    require_choice("shape", shape, ("linear", "1-sqrt"))
    stable_steps = total_steps - warmup_steps - cooldown_steps
    if stable_steps < 0:
        raise ValueError(
            f"warmup_steps + cooldown_steps must be at most total_steps={total_steps}, "
            f"got {warmup_steps} + {cooldown_steps}"
        )

    def cooldown(step: int) -> float:
        progress = min(max(step - stable_steps, 0), cooldown_steps) / cooldown_steps
        fallen = math.sqrt(progress) if shape == "1-sqrt" else progress
        return min_lr + (max_lr - min_lr) * (1 - fallen)

    return warmup(cooldown, warmup_steps)
