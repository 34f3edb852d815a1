"""What a view is called for those who hear it: what it shows, and how to read it."""

from collections.abc import Mapping
from typing import Any

from lrcourse.figure.controls import shown
from lrcourse.figure.recorded.views import Across, Curves, Map, Points, Rows, View


def about(view: View, told: Mapping[str, Any], labels: Mapping[str, str]) -> str:
    """Return a sentence about `view`; `told` is what the page gets, `labels` by key."""
    if isinstance(view, Curves):
        over = f"{view.title} over {told['xlabel'] or 'time'}"
        return over + _several(view.lines) + _scale(view.log)
    if isinstance(view, Across):
        over = f"{view.title} over {labels[view.along]}"
        return over + _several(view.lines) + _scale(view.log)
    if isinstance(view, Map):
        faint, strong = map(shown, told["range"][:: -1 if view.best == "min" else 1])
        lost = f"; hatched is {view.lost}" if told["lost_any"] else ""
        return (
            f"{view.title} as colours, {labels[view.x]} across, {labels[view.y]} up: "
            f"the faintest is {faint}, the strongest {strong}{lost}. "
            "Arrow keys move the cursor."
        )
    if isinstance(view, Points):
        return f"{view.title} against {view.xlabel}, a point a run"
    if isinstance(view, Rows):
        ends = ", with intervals" if view.low else ""
        return f"{view.title} of {', '.join(view.names)}{ends}{_scale(view.log)}"
    return view.title


def _several(lines: Mapping[str, str]) -> str:
    return f": {', '.join(lines)}" if len(lines) > 1 else ""


def _scale(log: bool) -> str:
    return ", on a logarithmic scale" if log else ""
