"""What is said of cases that are not right: never the value, but what it may be."""

import re
from collections.abc import Sequence
from typing import Any

from lrcourse.grading.checking.given import GivenCase, outcome
from lrcourse.grading.comparison import close, short
from lrcourse.grading.mistakes.references import Mistake, Reference

MOST_NAMED = 2  # mistakes that a wrong value may be of, to be worth their names


def standing(given: int, right: int, most: int) -> str:
    """Say how many of the `given` cases are `right`; `most` are looked at."""
    if right == most:
        return f"your first {most} cases hold, and no more are allowed"
    if given == 1:
        return "your case cannot stay as it is"
    number = min(given, most)
    if not right:
        return f"none of your {number} cases can stay as it is"
    they = "it is" if right == 1 else "they are"
    return f"{right} of your {number} cases can stay as {they}"


def is_one_case(given: Sequence[Any]) -> bool:
    """Say whether a pair is arguments and a number, so no list of two cases."""
    args, value = given
    return isinstance(args, list | tuple) and type(value) in (int, float)


def not_its_value(
    value: Any, expected: Any, args: Sequence[Any], reference: Reference, form: str
) -> str:
    """Say what a wrong value is: of another type, rounded, or that of a mistake."""
    if type(value) not in (type(expected), int):
        kind = getattr(value, "_kind", type(value).__name__)
        wanted = "number" if type(expected) is float else type(expected).__name__
        return f"its value is a {kind}, and should be a {wanted}"
    if is_rounded(value, expected):
        return "its value is rounded: write it in full, as a fraction or a formula"
    tempted = [each for each in reference.known if _gives(each, args, value)]
    if 1 <= len(tempted) <= MOST_NAMED:
        said = " or ".join(f"that {words_of(each, reference)}" for each in tempted)
        return f"that is the value of {noun_of(reference)} {said}, not the right one"
    return (
        "that is not its value. Put in the arguments once more, one at a time: in "
        f"`{reference.name}` they stand as {form}"
    )


def is_rounded(value: Any, expected: Any) -> bool:
    """Say whether a number is the expected one to as many decimals as it has.

    >>> is_rounded(0.667, 2 / 3), is_rounded(0.66, 2 / 3), is_rounded(1, 2 / 3)
    (True, False, False)
    """
    if type(value) is not float or type(expected) is not float:
        return False
    decimals = len(f"{value:.12f}".rstrip("0").partition(".")[2])
    return decimals > 0 and round(expected, decimals) == value


def escapes(mistake: Mistake, reference: Reference, right: Sequence[GivenCase]) -> str:
    """Say of a mistake that it gives what each right case has."""
    values = " and ".join(dict.fromkeys(_brief(case.value) for case in right))
    noun, words = noun_of(reference).capitalize(), words_of(mistake, reference)
    return f"{noun} that {words} also gives {values} here."


def noun_of(reference: Reference) -> str:
    """Return what an answer gives, with its article."""
    return "a rate" if reference.name.endswith("_lr") else "an answer"


def words_of(mistake: Mistake, reference: Reference) -> str:
    """Return a mistake's slug as words, in which arguments are code."""
    words = mistake.slug.replace("_", " ")
    for name in sorted(reference.parameters, key=len, reverse=True):
        words = re.sub(rf"\b{name.replace('_', ' ')}\b", f"`{name}`", words)
    return words


def _gives(mistake: Mistake, args: Sequence[Any], value: Any) -> bool:
    ended, gives = outcome(mistake.function, args)
    try:
        return not ended and bool(close(value, gives))
    except ValueError:  # not finite, or no plain data
        return False


def _brief(value: Any) -> str:
    return f"{value:.6g}" if type(value) is float else short(value)
