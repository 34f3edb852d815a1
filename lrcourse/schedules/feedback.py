"""Rules that look at the metric: state in, metric in, state out.

``rule.init()`` is the state before the first epoch, ``rule.step(state, metric)`` the
one after an epoch that ended with `metric`; ``state.lr`` is the learning rate of the
epoch that follows. An epoch is whatever lies between two looks at the metric.

Rules keep nothing to themselves. A state is a tuple of plain numbers, and the metrics
so far are as good as it: to resume, save either.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Generic, NamedTuple, Protocol, TypeVar

from lrcourse._settings import require_counts, require_nonnegative
from lrcourse.schedules import Schedule, constant, warmup
from lrcourse.schedules.schedule import require_schedule


class HasRate(Protocol):
    """What a loop needs of a state."""

    @property
    def lr(self) -> float:
        """The learning rate of the epoch that follows."""


State = TypeVar("State", bound=HasRate)


class FeedbackRule(Protocol[State]):
    """What a loop needs of a rule."""

    def init(self) -> State:
        """Return the state before the first epoch."""

    def step(self, state: State, metric: float) -> State:
        """Return the state after an epoch that ended with `metric`."""


def rates(rule: FeedbackRule[State], metrics: Iterable[float]) -> list[float]:
    """Return the rate of the first epoch, then the one that follows each metric.

    >>> halving = RestartOnStagnation(lambda step: 8 / 2**step, window=2, threshold=0.1)
    >>> rates(halving, [3.0, 2.0])
    [8.0, 4.0, 2.0]
    """
    return [state.lr for state in accumulate(metrics, rule.step, initial=rule.init())]


def has_stagnated(losses: Sequence[float], window: int, threshold: float) -> bool:
    """Say whether none of the last `window` losses beats the best one before them.

    To beat it is to be lower by more than `threshold`. As long as there is nothing
    before the window, the answer is no; nan beats nothing.

    >>> has_stagnated([3.0, 2.0, 2.0, 2.0], window=2, threshold=0.1)
    True
    >>> has_stagnated([3.0, 2.0, 1.0, 2.0], window=2, threshold=0.1)
    False
    """
    require_counts(window=window)
    require_nonnegative(threshold=threshold)
    before, recent = losses[:-window], losses[-window:]
    best = min((loss for loss in before if not math.isnan(loss)), default=math.inf)
    return len(before) > 0 and not any(loss < best - threshold for loss in recent)


class RestartState(NamedTuple):
    """The rate, its step in the schedule, and the last losses since the last restart.

    A window of them is enough: while nothing stagnates it holds the best of all.
    """

    lr: float
    step: int
    losses: tuple[float, ...]


@dataclass(frozen=True)
class RestartOnStagnation:
    """Play `schedule` from its start again whenever the loss `has_stagnated`.

    The schedule counts epochs. A restart forgets the losses before it: those right
    after it are higher, and while they fall there is no reason to restart again.

    >>> falling = RestartOnStagnation(lambda step: 8 / 2**step, window=2, threshold=0.1)
    >>> rates(falling, [5.0, 3.0, 3.0, 3.0, 4.0])
    [8.0, 4.0, 2.0, 1.0, 8.0, 4.0]
    """

    schedule: Schedule
    window: int
    threshold: float

    def __post_init__(self) -> None:
        has_stagnated([], self.window, self.threshold)  # refuses bad settings
        require_schedule("schedule", self.schedule)

    def init(self) -> RestartState:
        return RestartState(self.schedule(0), 0, ())

    def step(self, state: RestartState, loss: float) -> RestartState:
        losses = (*state.losses, float(loss))
        if has_stagnated(losses, self.window, self.threshold):
            return self.init()
        step = state.step + 1
        return RestartState(self.schedule(step), step, losses[-self.window :])


class HoldState(NamedTuple):
    """The rate, its step in the schedule, the last losses, and epochs of pause to come.

    Losses of a pause, and those before it, are forgotten.
    """

    lr: float
    step: int
    losses: tuple[float, ...]
    pause: int


@dataclass(frozen=True)
class HoldOnStagnation:
    """Pause `schedule` for `epochs` epochs whenever the loss `has_stagnated`.

    The schedule counts epochs. A pause keeps the rate at which the loss stagnated, and
    then the schedule continues where it stopped, as in `schedules.hold`. Losses of a
    pause are not judged, so that between two pauses the rate has moved at least once.

    >>> falling = HoldOnStagnation(lambda step: 8 / 2**step, 2, 0.1, epochs=2)
    >>> rates(falling, [5.0, 3.0, 3.0, 3.0, 3.0, 3.0, 3.0])
    [8.0, 4.0, 2.0, 1.0, 1.0, 1.0, 0.5, 0.25]

    Raises:
        ValueError: A setting is none of these; the message names it.
    """

    schedule: Schedule
    window: int
    threshold: float
    epochs: int

    def __post_init__(self) -> None:
        has_stagnated([], self.window, self.threshold)  # refuses bad settings
        require_schedule("schedule", self.schedule)
        require_counts(epochs=self.epochs)

    def init(self) -> HoldState:
        return HoldState(self.schedule(0), 0, (), 0)

    def step(self, state: HoldState, loss: float) -> HoldState:
        losses = () if state.pause else (*state.losses, float(loss))
        stagnated = has_stagnated(losses, self.window, self.threshold)
        pause = self.epochs if stagnated else max(state.pause - 1, 0)
        if pause:
            return HoldState(state.lr, state.step, (), pause)
        step = state.step + 1
        return HoldState(self.schedule(step), step, losses[-self.window :], 0)


class WarmupState(NamedTuple, Generic[State]):
    """The rate, the epochs so far, and the state of the rule that follows."""

    lr: float
    epochs: int
    after: State


@dataclass(frozen=True)
class WarmupThen(Generic[State]):
    """Climb to where `rule` starts in `warmup_steps` epochs, then follow it.

    The climb is that of `schedules.warmup`. The rule sees no metric before the first
    epoch that runs at its own rate: it neither finds its best nor loses its patience
    during the climb.

    >>> from lrcourse.schedules.plateau import ReduceOnPlateau
    >>> plateau = ReduceOnPlateau(8.0, factor=0.5, patience=0)
    >>> rates(WarmupThen(plateau, warmup_steps=2), [1.0, 1.0, 3.0, 3.0])
    [4.0, 8.0, 8.0, 8.0, 4.0]
    """

    rule: FeedbackRule[State]
    warmup_steps: int

    def __post_init__(self) -> None:
        self.init()  # refuses bad warmup_steps

    def init(self) -> WarmupState[State]:
        return self._state(0, self.rule.init())

    def step(self, state: WarmupState[State], metric: float) -> WarmupState[State]:
        warm = state.epochs >= self.warmup_steps
        after = self.rule.step(state.after, metric) if warm else state.after
        return self._state(state.epochs + 1, after)

    def _state(self, epochs: int, after: State) -> WarmupState[State]:
        schedule = warmup(constant(after.lr), self.warmup_steps)
        return WarmupState(schedule(epochs), epochs, after)
