"""What a worker may say: every reply is looked at before anybody believes its form.

A learner's code can write anything into its own pipe; what does not have one of the
forms below ends the worker.
"""

from collections.abc import Callable
from typing import Any

from lrcourse.grading.sandbox.wire import WireError, clean


def checked(reply: Any, nonce: str, is_load: bool = False) -> dict[str, Any]:
    """Return a reply to the request that bore `nonce`, its texts made harmless.

    Only a request to load is told that it is loaded, and it is told nothing else.

    Raises:
        WireError: it answers another request, or has no form that a reply has.
    """
    if type(reply) is not dict or reply.pop("nonce", None) != nonce:
        raise WireError("a reply to a question that was not asked")
    for key, form in _FORMS.items():
        if key in reply and (key == "running" or (key == "loaded") == is_load):
            return form(reply)
    raise WireError("a reply of no known form")


def _value(reply: dict[str, Any]) -> dict[str, Any]:
    return {key: reply[key] for key in ("value", "args", "kwargs") if key in reply}


def _text(key: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda reply: {key: clean(reply[key])}


def _oracle(reply: dict[str, Any]) -> dict[str, Any]:
    number = reply["oracle"]
    if type(number) is not int or number < 0 or not {"args", "kwargs"} <= reply.keys():
        raise WireError("a call of an oracle that has no number or no arguments")
    return {key: reply[key] for key in ("oracle", "args", "kwargs")}


def _problem(reply: Any, depth: int = 0) -> dict[str, Any]:
    """Return an exception's type, message and place, and what else is known."""
    if depth > 1 or type(reply) is not dict or not {"raised", "message"} <= {*reply}:
        raise WireError("a problem without a name or a message")
    cell, line = reply.get("cell"), reply.get("line")
    if line is not None and type(line) is not int:
        raise WireError("a line that is no number")
    problem: dict[str, Any] = {
        "raised": clean(reply["raised"], 100),
        "message": clean(reply["message"]),
        "cell": None if cell is None else clean(cell, 200),
        "line": line,
    }
    if "unknown_name" in reply:
        problem["unknown_name"] = clean(reply["unknown_name"], 200)
    if "because" in reply:
        problem["because"] = _problem(reply["because"], depth + 1)
    return problem


def _broken(reply: dict[str, Any]) -> dict[str, Any]:
    return {"broken": _problem(reply["broken"])}


# by the word that tells the forms apart
_FORMS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "running": lambda reply: {"running": clean(reply["running"], 200)},
    "oracle": _oracle,
    "value": _value,
    "loaded": lambda reply: {"loaded": True},
    "missing": _text("missing"),
    "broken": _broken,
    "signature": _text("signature"),
    "raised": _problem,
}
