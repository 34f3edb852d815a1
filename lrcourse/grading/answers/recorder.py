"""An answer's calls and what came of them, complete enough to be played again."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from lrcourse.grading.answers.arguments import left_in, shown
from lrcourse.grading.answers.callbacks import Callbacks
from lrcourse.grading.answers.errors import AnswerRaised, NotStarted, value_in
from lrcourse.grading.answers.session import Session
from lrcourse.grading.answers.stand_in import Original, StandIn, original_of
from lrcourse.grading.sandbox.codec import (
    AnswerLink,
    CallbackLink,
    Codec,
    Link,
    ObjectLink,
)
from lrcourse.grading.sandbox.messages import (
    Attribute,
    Call,
    CallbackCall,
    CallbackReply,
    Request,
    Value,
)
from lrcourse.grading.sandbox.wire import Data, WireError


@dataclass(frozen=True)
class Returned:
    """A call's value, and its arguments as the call left them."""

    value: Any
    args: list[Any]
    kwargs: dict[str, Any]


@dataclass(frozen=True)
class Ended:
    """What ended a call that did not return: the exception's type, and what it said.

    `is_clear` says that it names what is wrong by itself.
    """

    type: str
    reason: str = ""
    is_clear: bool = False


@dataclass
class RecordedCall:
    """One recorded call, complete enough to be played again on another function.

    `target` is an answer's name or the number of the call that returned the object;
    with an `attribute`, it was looked up and not called ("" is the object itself). What
    a `held` call returned was left there, unseen. `args` and `kwargs` are
    encoded as they were before; `outcome` is what came back: the value and the
    arguments as they were left, or the exception. `text` is how one would
    type it, `printed` what the learner's code wrote meanwhile.
    """

    answer: str
    target: str | int
    attribute: str | None
    args: Data
    kwargs: Data
    outcome: Returned | Ended | None = None
    text: str = ""
    printed: str = ""
    held: bool = False


class Recorder(Codec):
    """Calls the originals of stand-ins, and keeps a record of it."""

    most_items = math.inf  # what a check gives an answer is ours, however long

    def __init__(self, session: Session) -> None:
        self.calls: list[RecordedCall] = []
        self._session = session
        self._callbacks = Callbacks()
        self._origins: dict[int, int] = {}

    def stand_in(self, name: str) -> StandIn:
        """Return the stand-in for the answer of this name."""
        return StandIn(self, Original(name, name, name))

    def callback(self, number: int) -> Callable[..., Any]:
        """Return the check's function that was sent under this number."""
        return self._callbacks.function(number)

    def origin(self, place: int) -> int:
        """Return the number of the call that returned this object."""
        return self._origins[place]

    def call(
        self,
        original: Original,
        args: Sequence[Any],
        kwargs: dict[str, Any],
        held: bool = False,
    ) -> Any:
        """Call an original, and leave in the arguments what the call left in them.

        Raises:
            AnswerRaised: it did not return.
            NotStarted: it is still the stub it was given as.
        """
        __tracebackhide__ = True
        text = f"{original.title}({shown(args, kwargs)})"
        sent = self.encode(list(args)), self.encode(kwargs)
        source = original.source
        call = RecordedCall(original.answer, source, None, *sent, text=text, held=held)
        returned = self._record(call, Call(original.place, *sent, held))
        left_in(list(args), returned.args)
        left_in(kwargs, returned.kwargs)
        return returned.value

    def look_up(self, original: Original, name: str) -> Any:
        """Return an attribute of an original that an answer returned, or itself.

        Raises:
            AnswerRaised: it has none, or did not let go of it.
        """
        __tracebackhide__ = True
        assert isinstance(original.place, int)
        source, text = original.source, f"{original.title}.{name}"
        if not name:
            text = f"{original.title}, looked at again,"
        call = RecordedCall(original.answer, source, name, None, None, text=text)
        return self._record(call, Attribute(original.place, name)).value

    def _record(self, call: RecordedCall, request: Request) -> Returned:
        __tracebackhide__ = True
        self.calls.append(call)
        try:
            value = self._ask(call, request)
        except NotStarted:
            self.calls.pop()
            raise
        except AnswerRaised as error:
            call.outcome = Ended(error.type, error.reason, error.is_clear)
            raise
        finally:
            self._callbacks.raise_error()
        call.outcome = self._returned(value)
        # decoded anew: a check may hand it to an answer that writes into it
        return self._returned(value)

    def _ask(self, call: RecordedCall, request: Request) -> Value:
        __tracebackhide__ = True
        try:
            reply = self._session.ask(request, call.answer, call.text, self._call_back)
        finally:
            call.printed = self._session.printed
        return value_in(reply, call.answer, call.text)

    def _returned(self, value: Value) -> Returned:
        parts = (value.value, value.args, value.kwargs)
        return Returned(*(self.decode(part) for part in parts))

    def _call_back(self, call: CallbackCall) -> CallbackReply:
        """Call a check's own function for the worker, which only sees its result."""
        args, kwargs = self.decode(call.args), self.decode(call.kwargs)
        value, raised = self._callbacks.call(call.number, args, kwargs)
        return CallbackReply(self.encode(value), raised)

    def export(self, value: Any) -> Link | None:
        """Send a check's function by a number, a learner's by its name or number."""
        if isinstance(value, StandIn):
            place = original_of(value).place
            return AnswerLink(place) if isinstance(place, str) else ObjectLink(place)
        return CallbackLink(self._callbacks.add(value)) if callable(value) else None

    def adopt(self, link: Link) -> Any:
        """Return the stand-in for a function or object that an answer returned.

        Raises:
            WireError: `link` is a name, which only checks send.
        """
        match link:
            case CallbackLink(number):
                return self._callbacks.function(number)
            case ObjectLink(number, kind):
                source = len(self.calls) - 1
                self._origins[number] = source
                call = self.calls[source]
                text = f"{call.answer}(…)"
                if call.held or call.attribute is not None:
                    text = call.text
                return StandIn(self, Original(call.answer, number, source, text, kind))
        raise WireError("a name, which only checks send")
