"""What check files are written with, besides `close` and the known mistakes.

Curves, agreement with the library, and the exception that a call ends with.
"""

import inspect
from collections.abc import Callable, Iterable
from typing import Any, Protocol

import numpy as np
import pytest

from lrcourse.grading.answers.errors import AnswerRaised
from lrcourse.grading.comparison import Comparison, close, short

DRAWS = 20  # settings in one check: a mistake that one of them hides, another shows


class Draw(Protocol):
    """A function that draws an answer's arguments from the generator `rng`."""

    __name__: str

    def __call__(self, rng: np.random.Generator) -> dict[str, Any]: ...


class Curve:
    """What is drawn for an answer: its curve against the expected one, over `x`.

    For a schedule, `library` is the function of ours that makes it and `settings` are
    what both are called with: ``Curve(range(101), cosine, max_lr=0.1, ...)``. For
    anything else, `call` takes the answer and one of the `x`, `expected` that x alone.

    Raises:
        ValueError: neither `library` nor both `call` and `expected`.
    """

    def __init__(
        self,
        x: Iterable[float],
        library: Callable[..., Any] | None = None,
        *,
        call: Callable[[Any, Any], Any] | None = None,
        expected: Callable[[Any], float] | None = None,
        xlabel: str = "step",
        ylabel: str = "learning rate",
        **settings: Any,
    ) -> None:
        if library is not None:
            call = call or (lambda answer, step: answer(step, **settings))
            expected = expected or library(**settings)
        if call is None or expected is None:
            raise ValueError("a Curve needs a library function, or call and expected")
        self.x = list(x)
        self.call = call
        self.expected = expected
        self.xlabel = xlabel
        self.ylabel = ylabel


def agrees_with(
    library: Callable[..., Any],
    *,
    points: float = 1,
    rtol: float = 1e-9,
    atol: float = 0.0,
) -> Callable[[Draw], Callable[..., None]]:
    """Make a hidden check of a function that draws settings: `library` decides.

    The answer is called with the settings as keyword arguments, in 20 draws. `library`
    takes them too; where it makes a schedule, it takes them without ``step``, and its
    schedule is asked for that step. The function's docstring is what a learner reads.
    """

    def make(draw: Draw) -> Callable[..., None]:
        sentence = " ".join((draw.__doc__ or "").split())

        def check(answer: Any, rng: np.random.Generator) -> None:
            for _ in range(DRAWS):
                settings = draw(rng)
                # before an answer can touch what was drawn
                expected = _value(library, settings)
                _require(close(answer(**settings), expected, rtol, atol), sentence)

        check.__name__ = draw.__name__
        marked: Callable[..., None] = pytest.mark.points(points)(check)
        return marked

    return make


def raises(expected: str, answer: Any, *args: Any, **kwargs: Any) -> Comparison:
    """Compare how a call ends with the exception that is `expected`, or a child of it.

    Raises:
        AnswerRaised: it ended with something that says itself what it is, such as a
            name that is not defined.
    """
    __tracebackhide__ = True
    try:
        value = answer(*args, **kwargs)
    except AnswerRaised as error:
        if expected in (error.type, *error.bases):
            return Comparison(None)
        if error.is_clear:
            raise
        said = f"{error.type}: {error.reason}" if error.reason else error.type
        return Comparison(f"it raised {said}, expected {expected}")
    kind = getattr(value, "_kind", "")
    shown = f"a {kind}" if kind else short(value)
    return Comparison(f"it returned {shown}, expected it to raise {expected}")


def _require(same: Comparison, sentence: str) -> None:
    """Fail as an assert of a check file does, which pytest words."""
    __tracebackhide__ = True
    if not same:
        raise AssertionError(f"{sentence}\nassert {same!r}")


def _value(library: Callable[..., Any], settings: dict[str, Any]) -> Any:
    if "step" in settings and "step" not in inspect.signature(library).parameters:
        rest = {name: value for name, value in settings.items() if name != "step"}
        return library(**rest)(settings["step"])
    return library(**settings)
