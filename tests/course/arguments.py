"""What arguments that are numbers refuse: asked of every function, by its signature."""

import inspect
import math
import re
import typing
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from tests.course.public import numbers

NO_NUMBERS = {
    "nan": math.nan,
    "-inf": -math.inf,
    "-1": -1,
    "'1e-3'": "1e-3",
    "None": None,
    "True": True,
    "inf": math.inf,
}
NO_COUNTS = {"2.5": 2.5, **NO_NUMBERS}


class NotGood(Exception):
    """What should be taken is not."""


Reasons = Mapping[str, Mapping[str, str]]  # "function: argument" -> value -> why it may


def unasked(
    functions: Mapping[str, Callable[..., Any]],
    good: Mapping[str, Any],
    may_be: Reasons,
) -> list[str]:
    """Return a sentence for every argument that takes what is no such number.

    `good` has a value for each argument, by ``function: argument`` or by the argument's
    name; what has a default needs none.
    """
    found, used = [], set()
    for name, function in functions.items():
        for argument, kinds in numbers(function).items():
            place = f"{name}: {argument}"
            given, missing = settings(name, function, argument, good)
            if missing:
                found.append(f"{place} is not asked: give GOOD a value for {missing}")
                continue
            try:
                taken = accepted(function, argument, kinds, given)
            except NotGood as error:
                found.append(f"{place} is not asked: GOOD does not fit, {error}")
                continue
            allowed = may_be.get(place, {})
            used |= {(place, value) for value in taken.keys() & allowed.keys()}
            wrong = {v: how for v, how in taken.items() if v not in allowed}
            if wrong:
                found.append(
                    f"{place} {and_then(wrong)}: let a check of lrcourse._settings "
                    "refuse it by name, or say in MAY_BE why it is right"
                )
    found += [
        f"{place} stands in MAY_BE with {value} and does not take it: take that out"
        for place, values in may_be.items()
        for value in values
        if (place, value) not in used
    ]
    return found


def settings(
    name: str, function: Callable[..., Any], argument: str, good: Mapping[str, Any]
) -> tuple[dict[str, Any], str]:
    """Return what to call `function` with, and the first argument without a value."""
    given = {}
    for each, parameter in inspect.signature(function).parameters.items():
        place = f"{name}: {each}"
        if place in good or each in good:
            given[each] = good.get(place, good.get(each))
        elif parameter.default is not inspect.Parameter.empty:
            given[each] = parameter.default
        elif parameter.kind is not inspect.Parameter.VAR_POSITIONAL:
            return given, place
    return given, ""


def accepted(
    function: Callable[..., Any],
    argument: str,
    kinds: Sequence[type],
    given: Mapping[str, Any],
) -> dict[str, str]:
    """Return the values that `argument` should refuse by name, and what they did."""
    try:
        called(function, given)
    except Exception as error:
        raise NotGood(f"{type(error).__name__}: {error}") from error
    bad = NO_NUMBERS if float in flat(kinds) else NO_COUNTS
    bad = {name: v for name, v in bad.items() if type(v) not in kinds or name != "None"}
    found = {}
    for name, value in bad.items():
        if name == "inf" and "2.5" in found:
            continue  # what counts to it would never end
        wrong = value
        if isinstance(given[argument], tuple | list):  # the first of a row of numbers
            wrong = type(given[argument])([value, *given[argument][1:]])
        try:
            called(function, {**given, argument: wrong})
        except ValueError as error:
            if not re.search(rf"\b{re.escape(argument)}\b", str(error)):
                found[name] = "refuses {} without its name"
        except Exception as error:
            found[name] = f"raises {type(error).__name__} for {{}}"
        else:
            found[name] = "takes {}"
    return found


def called(function: Callable[..., Any], given: Mapping[str, Any]) -> Any:
    """Call `function`, and take all that it yields."""
    rest = [
        parameter.name
        for parameter in inspect.signature(function).parameters.values()
        if parameter.kind is inspect.Parameter.VAR_POSITIONAL
    ]
    named = {name: value for name, value in given.items() if name not in rest}
    made = function(*(each for name in rest for each in given[name]), **named)
    return list(made) if inspect.isgenerator(made) else made


def flat(kinds: Iterable[Any]) -> set[Any]:
    """Return the types, and those of the entries of rows."""
    return {part for kind in kinds for part in (typing.get_args(kind) or (kind,))}


def and_then(wrong: Mapping[str, str]) -> str:
    """Return one phrase of what was done, with all values that it was done to."""
    values: dict[str, list[str]] = {}
    for value, how in wrong.items():
        values.setdefault(how, []).append(value)
    return " and ".join(how.format(", ".join(each)) for how, each in values.items())
