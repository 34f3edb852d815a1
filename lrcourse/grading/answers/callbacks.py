"""The checks' own functions that answers were given, to be called back.

An answer sees what they return, and nothing else of them.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from lrcourse.grading.sandbox.wire import WireError


class Callbacks:
    """Functions by number, and the error that one of them ended in."""

    def __init__(self) -> None:
        self._functions: list[Callable[..., Any]] = []
        self._error: Exception | None = None

    def add(self, function: Callable[..., Any]) -> int:
        """Keep a function; return its number."""
        self._functions.append(function)
        return len(self._functions) - 1

    def function(self, number: int) -> Callable[..., Any]:
        """Return the function of this number.

        Raises:
            WireError: none has it: it was never sent.
        """
        if number >= len(self._functions):
            raise WireError("a call of a function that was never sent")
        return self._functions[number]

    def call(
        self, number: int, args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> tuple[Any, str]:
        """Call a function; return its value and, in one sentence, what it raised.

        What it raised is kept: it belongs to the check, not to the answer.
        """
        function = self.function(number)
        try:
            return function(*args, **kwargs), ""
        except Exception as error:
            self._error = error
            return None, f"{type(error).__name__}: {error}"

    def raise_error(self) -> None:
        """Raise what a function raised since this was last asked."""
        error, self._error = self._error, None
        if error is not None:
            raise error
