"""A figure as HTML: the element, its numbers, a sentence, and the script for all."""

import functools
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from importlib import resources
from typing import Any

from lrcourse.figure.controls import Control, State, completed, described

_SCRIPTS = (
    "draw",
    "labels",
    "recurrences",
    "curves",
    "conversions",
    "descent",
    "ranges",
    "codes",
    "grid",
    "lines",
    "map",
    "rows",
    "handles",
    "style",
    "element",
)
_NAME = re.compile(r"[a-z][a-z0-9-]*")


@dataclass(frozen=True)
class Figure:
    """An ``<lr-figure>``: in a notebook and in the book alive, elsewhere a sentence.

    `says` puts a state into a sentence, with the same words as the page.
    With a `name`, text can link to a state: ``#name-mark`` to one of `marks`, and
    ``#name:key=value&key=value`` to any. `question` is what only the controls answer,
    `title` what the figure shows, in a few words for those who hear it.

    Raises:
        ValueError: a name with other than small letters, digits and hyphens, or a state
            that the controls do not allow.
    """

    mode: str
    controls: Sequence[Control]
    data: Mapping[str, Any]
    start: Mapping[str, Any]
    says: Callable[[Mapping[str, Any]], str]
    marks: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    name: str = ""
    question: str = ""
    title: str = ""

    def __post_init__(self) -> None:
        if self.name and not _NAME.fullmatch(self.name):
            raise ValueError(
                "name must be small letters, digits and hyphens, as in 'one-number', "
                f"got {self.name!r}"
            )
        completed(self.controls, self.start, self.marks)  # refuses what none allows

    @property
    def states(self) -> dict[str, State]:
        """The value of every control, at the start and at each mark."""
        return completed(self.controls, self.start, self.marks)

    def __repr__(self) -> str:
        return self.says(self.states["start"])

    def _repr_html_(self) -> str:
        spec = {
            "mode": self.mode,
            "name": self.name,
            "question": self.question,
            "controls": [described(control) for control in self.controls],
            "states": [
                {"label": label, "id": self._id(label), "state": state}
                for label, state in self.states.items()
            ],
            **self.data,
        }
        text = json.dumps(spec, ensure_ascii=False, separators=(",", ":"))
        for char, name in {"&": "&amp;", "<": "&lt;", "'": "&#39;"}.items():
            text = text.replace(char, name)  # it stands between single quotes
        settable = ", ".join(control.label for control in self.controls)
        label = escape(f"Interactive figure: {self.title}. To set: {settable}.")
        return (
            f'{self._anchors()}<lr-figure role="group" aria-label="{label}" '
            f"data-lm-suppress-shortcuts=\"true\" data-spec='{text}'>"
            f"<p>{escape(repr(self))} {_STILL}</p></lr-figure>\n"
            f"<script>{script()}</script>"
        )

    def _id(self, label: str) -> str:
        return f"{self.name}-{re.sub('[^a-z0-9]+', '-', label.lower()).strip('-')}"

    def _anchors(self) -> str:
        """Return a place to land for every link to a state, script or not."""
        if not self.name:
            return ""
        return "".join(f'<a id="{self._id(label)}"></a>' for label in self.states)


_STILL = "(The figure moves where scripts may run: in the book, or after its cell ran.)"


@functools.cache
def script() -> str:
    """Return the element's script; on a page with several, the first one serves all."""
    folder = resources.files("lrcourse.figure") / "script"
    text = "".join(
        folder.joinpath(f"{name}.js").read_text("utf-8") for name in _SCRIPTS
    )
    lines = [line.strip() for line in text.splitlines()]
    body = "\n".join(line for line in lines if line and not line.startswith("//"))
    return f"(() => {{\nif (customElements.get('lr-figure')) return;\n{body}\n}})();"
