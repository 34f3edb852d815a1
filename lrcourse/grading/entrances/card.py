"""The card that `check` shows: points, what holds, what does not and why, the curve."""

from html import escape
from typing import Any

from lrcourse.grading.points import points_table
from lrcourse.grading.verdict import AnswerResult, Verdict

_MARK = {"passed": "✓", "failed": "✗", "not started": "○"}
_COLOR = {"passed": "#2e8b57", "failed": "#d55e00", "not started": "#b8860b"}
_STYLE = (
    "border:1px solid #8888;border-left:6px solid {color};border-radius:6px;"
    "padding:.6em 1em;margin:.4em 0;max-width:46em;line-height:1.45"
)


class Card:
    """One answer's result, as HTML in a notebook and as text elsewhere."""

    def __init__(self, result: dict[str, Any], note: str = "") -> None:
        verdicts = [Verdict(**verdict) for verdict in result["verdicts"]]
        self.result = AnswerResult(result["exercise"], result["answer"], verdicts)
        self.hints: list[str] = result["hints"]
        self.curve: dict[str, Any] | None = result["curve"]
        self.note = note

    def __repr__(self) -> str:
        lines = points_table([self.result], reasons=True)[1:-1]
        return "\n".join([*lines, *([self.note] if self.note else [])])

    def _repr_html_(self) -> str:
        parts = [self._head(), self._failures(), self._mistake(), self._curve()]
        parts += [self._holding(), self._hints(), self._solved(), self._note()]
        style = _STYLE.format(color=_COLOR[self.result.outcome])
        return f'<div style="{style}">{"".join(parts)}</div>'

    def _head(self) -> str:
        result = self.result
        standing = {
            "passed": "every check holds",
            "failed": f"{len(result.failed)} of {len(result.verdicts)} checks fail",
            "not started": "not started: replace the line that raises",
        }[result.outcome]
        points = f"{result.points:g} of {result.possible:g} points"
        return (
            f"<div><b>{_MARK[result.outcome]} <code>{escape(result.answer)}</code></b>"
            f" · {points} · {standing}</div>"
        )

    def _failures(self) -> str:
        failed = [_failure(verdict) for verdict in self.result.failed]
        if len(failed) > 1:
            rest = "".join(failed[1:])
            failed[1:] = [_details(f"{len(failed) - 1} more that fail", rest)]
        return "".join(failed)

    def _mistake(self) -> str:
        mistake = self.result.mistake
        if mistake is None:
            return ""
        heading = escape(mistake["heading"])
        anchor = heading.replace(" ", "-")
        link = f"../book/{escape(mistake['chapter'])}.ipynb#{anchor}"
        where = f' <a href="{link}">Read: {heading}</a>' if heading else ""
        sentence = escape(mistake["sentence"])
        return f"<p><b>What is wrong:</b> {sentence}{where}</p>"

    def _curve(self) -> str:
        if self.curve is None:
            return ""
        from lrcourse.figure import curves_figure  # here: few cards hold a curve

        curves = {name: self.curve[name] for name in ("yours", "expected")}
        axes = (self.curve[key] for key in ("x", "xlabel", "ylabel"))
        return curves_figure(curves, *axes)._repr_html_()

    def _holding(self) -> str:
        passed = [v.title for v in self.result.verdicts if v.outcome == "passed"]
        if not passed:
            return ""
        items = "".join(f"<li>{escape(title)}</li>" for title in passed)
        return _details(f"{len(passed)} that hold", f"<ul>{items}</ul>")

    def _hints(self) -> str:
        """Return the hints, each folded inside the one before it."""
        if self.result.outcome == "passed":
            return ""
        folded = ""
        for number in range(len(self.hints), 0, -1):
            text = f"<p>{escape(self.hints[number - 1])}</p>{folded}"
            folded = _details(f"Hint {number} of {len(self.hints)}", text)
        return folded

    def _solved(self) -> str:
        if self.result.outcome != "passed":
            return ""
        place = f"../solutions/{escape(self.result.exercise)}.ipynb"
        return f'<div><a href="{place}">Compare with the solution</a></div>'

    def _note(self) -> str:
        return f"<p><small>{escape(self.note)}</small></p>" if self.note else ""


def _failure(verdict: Verdict) -> str:
    shown = verdict.lines[1:] if verdict.sentence else verdict.lines
    values = "".join(f"<div><code>{escape(line)}</code></div>" for line in shown)
    return (
        f'<div style="margin:.5em 0">✗ <b>{escape(verdict.sentence)}</b>'
        f"<div><small>check: {escape(verdict.title)}</small></div>{values}</div>"
    )


def _details(summary: str, body: str) -> str:
    return f"<details><summary>{escape(summary)}</summary>{body}</details>"
