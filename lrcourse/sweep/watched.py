"""What updates saw and did, of all members at once: the last update alone is kept."""

from typing import Any

from lrcourse._arrays import Params
from lrcourse.optimizers import NetworkRule, Rule, Seen, Watched
from lrcourse.optimizers.watched import WatchedState
from lrcourse.sweep.averages import AveragedState


class LastWatched(Watched):
    """`Watched` that forgets what was: a whole record would grow without a bound."""

    def step(
        self, params: Params, grads: Params, state: WatchedState, lr: Any, loss: Any
    ) -> tuple[dict[str, Any], WatchedState]:
        return super().step(params, grads, state._replace(seen=()), lr, loss)


def is_watched(rule: Rule | NetworkRule) -> bool:
    """Say whether `rule` is `Watched`, or a rule around one that is."""
    while not isinstance(rule, Watched) and hasattr(rule, "rule"):
        rule = rule.rule
    return isinstance(rule, Watched)


def last_seen(state: Any) -> Seen | None:
    """Return what was seen of the last update, given the state of a rule."""
    while isinstance(state, AveragedState):
        state = state.state
    return state.seen[-1] if isinstance(state, WatchedState) else None
