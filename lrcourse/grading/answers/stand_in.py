"""What a check calls: it looks like the learner's function, class or object.

The learner's own is elsewhere, in an interpreter that the check never touches.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True)
class Original:
    """Which of the learner's functions, classes or objects a stand-in stands for.

    `answer` is the answer it belongs to. `place` is where the worker finds it: under a
    name or a number; `source` the name again, or the number of the call that returned
    it. `text` is how one would type it, `kind` the name of an object's type.
    """

    answer: str
    place: str | int
    source: str | int
    text: str = ""
    kind: str = "function"

    @property
    def is_object(self) -> bool:
        """Say whether a call returned it: it has attributes, and no name of its own."""
        return not isinstance(self.place, str)

    @property
    def title(self) -> str:
        """What a reader sees in its place."""
        return self.text or self.answer


class Reaches(Protocol):
    """What calls the original, and knows its attributes."""

    def call(
        self,
        original: Original,
        args: Sequence[Any],
        kwargs: dict[str, Any],
        held: bool = False,
    ) -> Any:
        """Return what the original returns: a stand-in for it if it is `held`."""

    def look_up(self, original: Original, name: str) -> Any:
        """Return the original's attribute `name`, or "" the original as it is now."""


class StandIn:
    """Stands for a learner's function, class or object: calling it calls that one."""

    def __init__(self, reach: Reaches, original: Original) -> None:
        self._reach = reach
        self._original = original
        self.__name__ = original.title
        self._kind = original.kind

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        return self._reach.call(self._original, args, kwargs)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or not self._original.is_object:
            raise AttributeError(name)
        return self._reach.look_up(self._original, name)

    def __repr__(self) -> str:
        return self.__name__


def original_of(stand_in: StandIn) -> Original:
    """Return what `stand_in` stands for; its attributes are the learner's."""
    return stand_in._original


def held(answer: StandIn, *args: Any, **kwargs: Any) -> Callable[[], Any]:
    """Call an answer and leave there what it returned; return a function that looks.

    What a call returns arrives as a copy. Where something handed out must stay as it
    was, look before and after: ``state = held(schedule.state_dict)``, then ``state()``.
    """
    __tracebackhide__ = True
    there = answer._reach.call(answer._original, args, kwargs, held=True)
    assert isinstance(there, StandIn)
    reach, original = there._reach, there._original
    return lambda: reach.look_up(original, "")
