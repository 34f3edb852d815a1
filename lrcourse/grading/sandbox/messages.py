"""What a grader and a worker say to each other, and how it becomes JSON and back.

A grader sends requests and answers callbacks; a worker replies. Values inside a message
are data as a `Codec` makes it. A learner's code can write anything into its own pipe:
a reply is looked at before anybody believes its form, and what has no form of those
below ends the worker.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from lrcourse.grading.sandbox.wire import Data, WireError, clean, is_count


def _no_keywords() -> Data:
    return {"dict": []}  # as a codec writes an empty one


@dataclass(frozen=True)
class Load:
    """Run the definitions of `cells`, title and source, less the cells in `skip`."""

    cells: Sequence[Sequence[str]] = ()
    forbidden: Sequence[str] = ()
    skip: Sequence[str] = ()


@dataclass(frozen=True)
class Call:
    """Call an answer (by its name) or an object (by its number).

    What a `held` call returns stays there, to be looked at later; a link comes back.
    """

    target: str | int
    args: Data = field(default_factory=list)
    kwargs: Data = field(default_factory=_no_keywords)
    held: bool = False


@dataclass(frozen=True)
class Attribute:
    """Look up an attribute of an object that an answer returned; "" is the object."""

    target: int
    name: str


@dataclass(frozen=True)
class Running:
    """A statement of this cell is about to run: its seconds begin."""

    title: str


@dataclass(frozen=True)
class CallbackCall:
    """The answer calls a function that stays with the checks."""

    number: int
    args: Data
    kwargs: Data


@dataclass(frozen=True)
class CallbackReply:
    """What the check's function returned, or in one sentence what it raised."""

    value: Data = None
    raised: str = ""


@dataclass(frozen=True)
class Loaded:
    """The definitions have run."""


@dataclass(frozen=True)
class Value:
    """What came back, and the arguments as the call left them."""

    value: Data
    args: Data = field(default_factory=list)
    kwargs: Data = field(default_factory=_no_keywords)


@dataclass(frozen=True)
class Missing:
    """The notebook defines no such name."""

    name: str


@dataclass(frozen=True)
class Problem:
    """An exception: its type's name and bases, its message, its place.

    `because`: what had kept the unknown name from being defined.
    """

    type: str
    message: str
    cell: str | None
    line: int | None
    unknown_name: str | None = None
    because: "Problem | None" = None
    bases: str = ""


@dataclass(frozen=True)
class Broken:
    """The statement that defines the name had stopped with this problem."""

    problem: Problem


@dataclass(frozen=True)
class WrongSignature:
    """The function cannot be called with such arguments."""

    reason: str


@dataclass(frozen=True)
class Raised:
    """The call ended in an exception."""

    problem: Problem


Request: TypeAlias = Load | Call | Attribute
Reply: TypeAlias = Loaded | Value | Missing | Broken | WrongSignature | Raised
Said: TypeAlias = Reply | Running | CallbackCall
AnswerCallback: TypeAlias = Callable[[CallbackCall], CallbackReply]

_REQUESTS: dict[str, type[Request]] = {
    form.__name__: form for form in (Load, Call, Attribute)
}


def request_data(request: Request, nonce: str) -> Data:
    """Return a request as it is sent, with the nonce that its reply must bear."""
    return {"op": type(request).__name__, "nonce": nonce} | vars(request)


def read_request(data: Data) -> tuple[Request, str]:
    """Return a request and its nonce; the worker believes its grader."""
    op, nonce = data.pop("op"), data.pop("nonce")
    return _REQUESTS[op](**data), nonce


def ready_data(level: int, unstopped: Sequence[str] = ()) -> Data:
    """Return a worker's first words: its level, and what that ought to have stopped."""
    return {"ready": level, "open": [*unstopped]}


def callback_data(reply: CallbackReply) -> Data:
    """Return what became of a callback, as it is sent."""
    return vars(reply)


def read_callback(data: Data) -> CallbackReply:
    """Return what became of a callback; the worker believes its grader."""
    return CallbackReply(**data)


def said_data(said: Said, nonce: str) -> Data:
    """Return what a worker says to the request of this `nonce`, as it is sent."""
    match said:
        case Running(title):
            data: Data = {"running": title}
        case CallbackCall(number, args, kwargs):
            data = {"callback": number, "args": args, "kwargs": kwargs}
        case Value():
            data = vars(said)
        case Loaded():
            data = {"loaded": True}
        case Missing(name):
            data = {"missing": name}
        case Broken(problem):
            data = {"broken": _problem_data(problem)}
        case WrongSignature(reason):
            data = {"signature": reason}
        case Raised(problem):
            data = _problem_data(problem)
    return data | {"nonce": nonce}


def read_said(data: Data, nonce: str, is_load: bool = False) -> Said:
    """Return what was said to the request that bore `nonce`, its texts made harmless.

    Only a request to load is told that it is loaded, and it is told nothing else.

    Raises:
        WireError: it answers another request, or has no form that a reply has.
    """
    if type(data) is not dict or data.pop("nonce", None) != nonce:
        raise WireError("a reply to a question that was not asked")
    for key, form in _FORMS.items():
        if key in data and (key == "running" or (key == "loaded") == is_load):
            return form(data)
    raise WireError("a reply of no known form")


def _problem_data(problem: Problem) -> Data:
    data = {
        "raised": problem.type,
        "message": problem.message,
        "cell": problem.cell,
        "line": problem.line,
        "bases": problem.bases,
    }
    if problem.unknown_name is not None:
        data["unknown_name"] = problem.unknown_name
    if problem.because is not None:
        data["because"] = _problem_data(problem.because)
    return data


def _read_problem(data: Data, depth: int = 0) -> Problem:
    if depth > 1 or type(data) is not dict or not {"raised", "message"} <= {*data}:
        raise WireError("a problem without a name or a message")
    cell, line = data.get("cell"), data.get("line")
    if line is not None and type(line) is not int:
        raise WireError("a line that is no number")
    name, because = "unknown_name", "because"
    return Problem(
        type=clean(data["raised"], 100),
        message=clean(data["message"]),
        cell=None if cell is None else clean(cell, 200),
        line=line,
        unknown_name=clean(data[name], 200) if name in data else None,
        because=_read_problem(data[because], depth + 1) if because in data else None,
        bases=clean(data.get("bases", "")),
    )


def _read_callback_call(data: Data) -> CallbackCall:
    if not is_count(data["callback"]) or not {"args", "kwargs"} <= data.keys():
        raise WireError("a callback that has no number or no arguments")
    return CallbackCall(data["callback"], data["args"], data["kwargs"])


_VALUE = {"value", "args", "kwargs"}
# by the word that tells the forms apart
_FORMS: Mapping[str, Callable[[Data], Said]] = {
    "running": lambda data: Running(clean(data["running"], 200)),
    "callback": _read_callback_call,
    "value": lambda data: Value(**{key: data[key] for key in _VALUE & data.keys()}),
    "loaded": lambda data: Loaded(),
    "missing": lambda data: Missing(clean(data["missing"])),
    "broken": lambda data: Broken(_read_problem(data["broken"])),
    "signature": lambda data: WrongSignature(clean(data["signature"])),
    "raised": lambda data: Raised(_read_problem(data)),
}
