"""Values as they stand in a call, and names that were nearly right."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any


def number(value: Any) -> str:
    """Write `value` as a call has it, in no more digits than it needs.

    >>> number(0.1), number(1e-4), number([30, 60]), number({30: 0.5}), number(True)
    ('0.1', '0.0001', '[30, 60]', '{30: 0.5}', 'True')
    """
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k}: {number(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(number, value)) + "]"
    if not isinstance(value, float):
        return repr(value)
    short = (f"{value:.{digits}g}" for digits in (6, 9, 12, 15))
    text = next((each for each in short if float(each) == value), repr(value))
    return text if set(text) & set(".en") else f"{text}.0"


def called(name: str, *first: Any, **settings: Any) -> str:
    """Write a call; first arguments that are texts stand as they are."""
    plain = [each if isinstance(each, str) else number(each) for each in first]
    named = [f"{key}={number(value)}" for key, value in settings.items()]
    return f"{name}({', '.join([*plain, *named])})"


def three(value: float) -> str:
    """Write three digits of `value`, counts as they are.

    >>> three(0.034867844), three(658.0), three(17328.33), three(2.5e-323)
    ('0.0349', '658', '17328', '2.47e-323')
    """
    if value == 0 or (float(value).is_integer() and abs(value) < 1e15):
        return str(int(value))
    return f"{value:.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def nearest(name: str, known: Iterable[str]) -> str:
    """Return a question about the name of `known` that is most like `name`, or "".

    >>> nearest("ExponentalLR", ["ExponentialLR", "StepLR"])
    ' Did you mean ExponentialLR?'
    """
    found = {each.lower(): each for each in known}
    like = get_close_matches(name.lower(), found, n=1, cutoff=0.5)
    return f" Did you mean {found[like[0]]}?" if like else ""
