"""The sentence of a state: an author's template, filled with what was recorded."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lrcourse.figure.controls import Choice, Stops, shown
from lrcourse.figure.recorded.lattice import Lattice
from lrcourse.figure.recorded.views import Curves, Number, Points, View

_FIELD = re.compile(r"{([^{}]+)}")


@dataclass(frozen=True)
class Sentence:
    """Words in which controls and results stand by name, in braces.

    A control stands for its value, a number for its three digits, a text for itself; a
    series that a control walks along for what it is there. `walks` names that control
    for each such series, and `lost` is said for what is not finite.
    """

    words: str
    controls: Sequence[Stops | Choice]
    walks: Mapping[str, str]
    lost: str

    def at(self, state: Mapping[str, Any], recorded: Lattice) -> str:
        """Return the sentence of a state."""
        return _FIELD.sub(
            lambda field: self._in_words(field[1], state, recorded), self.words
        )

    @property
    def ends(self) -> list[str]:
        """The results that stand in it and are read at their end."""
        keys = {control.key for control in self.controls}
        return [
            name for name in fields(self.words) if name not in keys | self.walks.keys()
        ]

    def _in_words(self, name: str, state: Mapping[str, Any], recorded: Lattice) -> str:
        if name in state:
            return shown(state[name])
        value = recorded.number(name, state) if name not in self.walks else None
        if value is None:
            key = self.walks[name]
            control = next(each for each in self.controls if each.key == key)
            place = list(control.values).index(state[key])
            value = recorded.course(name, state)[place]
        if isinstance(value, np.str_):
            return str(value)
        return shown(float(value)) if math.isfinite(value) else self.lost


def fields(words: str) -> list[str]:
    """Return what stands in braces in `words`."""
    return _FIELD.findall(words)


def walked(views: Sequence[View]) -> dict[str, str]:
    """Return the control that walks along each series, where one does."""
    return {
        name: view.at
        for view in views
        if isinstance(view, Curves) and view.at
        for name in view.lines.values()
    }


def default(controls: Sequence[Stops | Choice], views: Sequence[View]) -> str:
    """Return a sentence of all controls, and of a number of each view."""
    setting = ", ".join(f"{control.label} {{{control.key}}}" for control in controls)
    parts = [part for view in views if (part := _part(view, walked(views)))]
    return f"{setting}: {', '.join(dict.fromkeys(parts))}." if parts else f"{setting}."


def _part(view: View, walks: Mapping[str, str]) -> str:
    if isinstance(view, Points):
        return f"{view.xlabel} {{{view.x}}}"
    said = [*view.wanted.ends, *(name for name in view.wanted.series if name in walks)]
    is_shown = isinstance(view, Number) or not said
    return "" if is_shown else f"{view.title} {{{said[0]}}}"
