"""What a learner's code asks for in vain, and what stands in its place."""

import importlib.abc
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from typing import Any


class Nothing:
    """Stands for IPython: whatever it is asked to do, nothing happens."""

    def __getattr__(self, name: str) -> "Nothing":
        return self

    def __call__(self, *args: Any, **kwargs: Any) -> None:
        return None


class ForbiddenPart:
    """Stands for a part of a package that this exercise asks the learner to write."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(_refusal(self._name))

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        raise AttributeError(_refusal(self._name))


def hide_attributes(forbidden: Sequence[str]) -> None:
    """Put a stand-in where a package that was imported holds a forbidden part.

    This guards honesty and nothing else: the part is in memory, and who looks finds it.
    """
    for name in forbidden:
        parent, _, part = name.rpartition(".")
        for module in [
            each for each in sys.modules if f"{each}.".startswith(f"{name}.")
        ]:
            del sys.modules[module]
        # not hasattr: some packages import a part when they are asked for it
        if part in vars(sys.modules.get(parent, object)):
            setattr(sys.modules[parent], part, ForbiddenPart(name))


class ForbiddenFinder(importlib.abc.MetaPathFinder):
    """Refuses to import what the exercise asks the learner to write."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = names

    def find_spec(
        self, fullname: str, path: Any = None, target: Any = None
    ) -> ModuleSpec | None:
        """Leave a module to Python, unless it is forbidden.

        Raises:
            ImportError: it is.
        """
        for name in self.names:
            if fullname == name or fullname.startswith(name + "."):
                raise ImportError(_refusal(fullname))
        return None


def _refusal(name: str) -> str:
    return f"{name} may not be used here: this exercise asks you to write what it holds"
