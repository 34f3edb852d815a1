"""The card that `check` shows: points, what holds, what does not and why, the curve."""

from html import escape
from typing import Any

from lrcourse.grading.entrances.discussion import blank_html, discussion_html
from lrcourse.grading.entrances.landing import Landing
from lrcourse.grading.entrances.look import TONES, framed, worded
from lrcourse.grading.entrances.way import Way
from lrcourse.grading.known import Known
from lrcourse.grading.points import points_table
from lrcourse.grading.verdict import AnswerResult, Verdict

_STILL_TO_EARN = (
    "The blank is the line that goes wrong most often. Reading earns nothing, here and "
    "below: the points come when the answer in your own cell passes its checks."
)
MARKS = {"passed": "✓", "failed": "✗", "not started": "○"}


class Card:
    """One answer's result, as HTML in a notebook and as text elsewhere.

    `standing` says how it stands in place of the usual words; `note` is a word of
    warning below it; `way` is how far the exercise is, shown once the answer holds;
    `chapter` is where to read about the mistake; `notebook` the solution's address.
    """

    def __init__(
        self,
        result: dict[str, Any],
        note: str = "",
        *,
        standing: str = "",
        way: Way | None = None,
        chapter: Landing | None = None,
        notebook: str = "",
    ) -> None:
        verdicts = [Verdict(**verdict) for verdict in result["verdicts"]]
        self.result = AnswerResult(result["exercise"], result["answer"], verdicts)
        self.hints: list[str] = result["hints"]
        self.curve: dict[str, Any] | None = result["curve"]
        self.solution: dict[str, str] = result.get("solution", {})
        self.note = note
        self.standing = standing
        self.chapter = chapter
        self.notebook = notebook
        self.way = way if self.result.outcome == "passed" else None

    def __repr__(self) -> str:
        lines = points_table([self.result], reasons=True)[1:-1]
        lines += [f"    {self.standing}"] if self.standing else []
        lines += [f"  {self.way.text}"] if self.way else []
        lines += [f"  {self.known.text}"] if self.known else []
        return "\n".join([*lines, *([self.note] if self.note else [])])

    def _repr_html_(self) -> str:
        parts = [self._head(), self._failures(), self._mistake(), self._curve()]
        parts += [self._holding(), self._hints(), self._solved(), self._note()]
        parts += [self.way.html if self.way else ""]
        parts += [self.known.html if self.known else ""]
        return framed(TONES[self.result.outcome], "".join(parts))

    @property
    def known(self) -> Known | None:
        """That the chapter is known, once it is, until the exercise is done."""
        known = self.way.known if self.way else None
        return known if known and known.holds else None

    def _head(self) -> str:
        result = self.result
        usual = {
            "passed": "every check holds",
            "failed": f"{len(result.failed)} of {len(result.verdicts)} checks fail",
            "not started": "not started: replace the line that raises",
        }[result.outcome]
        points = f"{result.points:g} of {result.possible:g} points"
        return (
            f'<div><b><span class="tone">{MARKS[result.outcome]}</span> '
            f"<code>{escape(result.answer)}</code></b>"
            f" · {points} · {escape(self.standing or usual)}</div>"
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
        heading = mistake["heading"]
        linked = self.chapter if heading else None
        where = f" {linked.link(f'Read: {heading}')}" if linked else ""
        sentence = worded(mistake["sentence"])
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
        """Return the hints, each folded inside the one before it; the solution last."""
        if self.result.outcome == "passed":
            return ""
        folded = self._step()
        for number in range(len(self.hints), 0, -1):
            text = f"<p>{worded(self.hints[number - 1])}</p>{folded}"
            folded = _details(f"Hint {number} of {len(self.hints)}", text)
        return folded

    def _step(self) -> str:
        """Return what follows the last hint: the solution with a blank, then whole."""
        if "blank" not in self.solution:
            return ""
        whole = discussion_html(self.solution) + self._solution_link()
        return _details(
            "Still stuck? The solution, with one line left to you",
            f"{blank_html(self.solution)}<p>{_STILL_TO_EARN}</p>"
            + _details("The whole solution, and why it is so", whole),
        )

    def _solution_link(self) -> str:
        if not self.notebook:
            return ""
        return f'<p><a href="{escape(self.notebook)}">The solution notebook</a></p>'

    def _solved(self) -> str:
        if self.result.outcome != "passed":
            return ""
        link = self._solution_link()
        if not self.solution:
            return link
        summary = "Compare with the solution: why it is so, and how else to write it"
        return _details(summary, discussion_html(self.solution) + link)

    def _note(self) -> str:
        note = escape(self.note)
        return f'<p class="soft"><small>{note}</small></p>' if note else ""


class Sentence:
    """A card that says one thing about no answer in particular."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        return framed("idle", escape(self.text))


def _failure(verdict: Verdict) -> str:
    shown = [line for line in verdict.lines if line not in verdict.reasons]
    shown = shown[1:] if verdict.sentence else shown
    values = "".join(f"<div><code>{escape(line)}</code></div>" for line in shown)
    items = "".join(f"<li>{worded(reason)}</li>" for reason in verdict.reasons)
    reasons = f"<ul>{items}</ul>" if items else ""
    return (
        '<div class="found"><span class="tone">✗</span> '
        f"<b>{worded(verdict.sentence)}</b>"
        f'<div class="soft"><small>check: {escape(verdict.title)}</small></div>'
        f"{reasons}{values}</div>"
    )


def _details(summary: str, body: str) -> str:
    return f"<details><summary>{escape(summary)}</summary>{body}</details>"
