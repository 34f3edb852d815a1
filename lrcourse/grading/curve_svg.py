"""Two curves as SVG written by hand: Matplotlib's first figure would cost 0.4 s."""

from collections.abc import Sequence
from html import escape
from typing import Any

_WIDTH, _HEIGHT = 480, 190
_LEFT, _TOP, _RIGHT, _BOTTOM = 58, 24, 470, 150


def curve_svg(curve: dict[str, Any]) -> str:
    """Draw ``curve["yours"]`` against ``curve["expected"]`` over ``curve["x"]``.

    None in a curve leaves a gap.
    """
    values = [y for name in ("expected", "yours") for y in curve[name] if y is not None]
    finite = [y for y in values if abs(y) < float("inf")]
    low, high = min([0.0, *finite]), max(finite)
    across = _Scale(curve["x"][0], curve["x"][-1], _LEFT, _RIGHT)
    up = _Scale(low, high, _BOTTOM, _TOP)
    expected = _path(curve["x"], curve["expected"], across, up)
    yours = _path(curve["x"], curve["yours"], across, up)
    return (
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="your curve and '
        'the expected one" style="max-width:100%;width:480px;font:12px sans-serif">'
        f'<path d="M{_LEFT} {_TOP}V{_BOTTOM}H{_RIGHT}" fill="none" '
        'stroke="currentColor" stroke-opacity=".5"/>'
        f'<path d="{expected}" fill="none" stroke="#3d9be0" stroke-width="6" '
        'stroke-opacity=".6"/>'
        f'<path d="{yours}" fill="none" stroke="#d55e00" stroke-width="2"/>'
        f"{_labels(curve, low, high)}</svg>"
    )


class _Scale:
    """A straight map from values to pixels."""

    def __init__(self, low: float, high: float, start: float, stop: float) -> None:
        self.low, self.start = low, start
        self.factor = (stop - start) / ((high - low) or 1.0)

    def __call__(self, value: float) -> str:
        return f"{self.start + (value - self.low) * self.factor:.1f}"


def _path(
    x: Sequence[float], y: Sequence[float | None], across: _Scale, up: _Scale
) -> str:
    """Return an SVG path that lifts its pen where there is no finite number."""
    path, pen = "", "M"
    for place, value in zip(x, y, strict=True):
        if value is None or not abs(value) < float("inf"):
            pen = "M"
            continue
        path += f"{pen}{across(place)} {up(value)}"
        pen = "L"
    return path


def _labels(curve: dict[str, Any], low: float, high: float) -> str:
    def text(x: float, y: float, words: str, anchor: str = "start") -> str:
        return (
            f'<text x="{x}" y="{y}" text-anchor="{anchor}" fill="currentColor">'
            f"{escape(words)}</text>"
        )

    first, last = curve["x"][0], curve["x"][-1]
    return (
        text(_LEFT - 6, _TOP + 4, f"{high:.3g}", "end")
        + text(_LEFT - 6, _BOTTOM, f"{low:.3g}", "end")
        + text(_LEFT, _BOTTOM + 16, f"{first:g}", "middle")
        + text(_RIGHT, _BOTTOM + 16, f"{last:g}", "end")
        + text((_LEFT + _RIGHT) / 2, _BOTTOM + 16, curve["xlabel"], "middle")
        + text(_LEFT, 12, curve["ylabel"])
        + '<path d="M250 184h24" stroke="#3d9be0" stroke-width="6" '
        'stroke-opacity=".6"/>'
        + text(280, 188, "expected")
        + '<path d="M360 184h24" stroke="#d55e00" stroke-width="2"/>'
        + text(390, 188, "yours")
    )
