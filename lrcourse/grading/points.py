"""The points of a submission, as a table of text."""

import contextlib
from collections.abc import Sequence

from lrcourse.grading.verdict import AnswerResult, Verdict

_BAR = 10
_BLOCKS, _ASCII = ("█", "·"), ("#", ".")  # a bar's full and empty parts


def points_table(
    results: Sequence[AnswerResult], reasons: bool = False, encoding: str = "utf-8"
) -> list[str]:
    """Return the closing table: a bar and the points of each answer, and the total.

    With `reasons`, which of its checks failed and why stands under each answer; a
    reason that several share, once. Where `encoding` has no blocks, bars are drawn in
    ASCII.
    """
    if not results:
        return []
    width = max(len(result.answer) for result in results)
    lines, exercise = [], ""
    for result in results:
        if result.exercise != exercise:
            exercise = result.exercise
            lines.append(exercise)
        share = result.points / result.possible if result.possible else 0
        bar = bar_of(share, encoding)
        lines.append(f"  {result.answer:<{width}}  {bar}  {_standing(result)}")
        if result.mistake is not None:
            lines.append(f"  {'':<{width}}  {result.mistake['sentence']}")
        lines += _reasons(result) if reasons else []
    earned = sum(result.points for result in results)
    possible = sum(result.possible for result in results)
    lines.append(f"  {'total':<{width}}  {'':<{_BAR}}  {earned:g}/{possible:g} points")
    return lines


def _reasons(result: AnswerResult) -> list[str]:
    alike: dict[str, list[Verdict]] = {}
    for verdict in result.failed:
        alike.setdefault(verdict.sentence or verdict.detail, []).append(verdict)
    lines = []
    for first, *rest in alike.values():
        lines += [f"    {first.title}:", *(f"      {line}" for line in first.lines)]
        if rest:
            lines.append(f"      the same: {'; '.join(each.title for each in rest)}")
    return lines


def bar_of(share: float, encoding: str = "utf-8") -> str:
    """Return a bar of ten columns, full as far as `share` says, which is 0 to 1.

    Where `encoding` has no blocks it is drawn in ASCII.
    """
    full, empty = _ASCII
    with contextlib.suppress(UnicodeEncodeError, LookupError):
        "".join(_BLOCKS).encode(encoding)
        full, empty = _BLOCKS
    count = int(_BAR * share)
    return full * count + empty * (_BAR - count)


def _standing(result: AnswerResult) -> str:
    points = f"{result.points:g}/{result.possible:g}"
    if result.outcome == "not started":
        return f"{points} not started"
    if result.outcome == "passed":
        return points
    return f"{points} {len(result.failed)} of {len(result.verdicts)} checks failed"
