"""The points of a submission, as a table of text."""

from collections.abc import Sequence

from lrcourse.grading.verdict import AnswerResult

_BAR = 10


def points_table(results: Sequence[AnswerResult], reasons: bool = False) -> list[str]:
    """Return the closing table: a bar and the points of each answer, and the total.

    With `reasons`, why its checks failed stands under each answer.
    """
    if not results:
        return []
    width = max(len(result.answer) for result in results)
    lines, exercise = [], ""
    for result in results:
        if result.exercise != exercise:
            exercise = result.exercise
            lines.append(exercise)
        lines.append(f"  {result.answer:<{width}}  {_bar(result)}  {_standing(result)}")
        if result.mistake is not None:
            lines.append(f"  {'':<{width}}  {result.mistake['sentence']}")
        for verdict in result.failed if reasons else []:
            lines += [f"    {line}" for line in verdict.lines]
    earned = sum(result.points for result in results)
    possible = sum(result.possible for result in results)
    lines.append(f"  {'total':<{width}}  {'':<{_BAR}}  {earned:g}/{possible:g} points")
    return lines


def _bar(result: AnswerResult) -> str:
    full = int(_BAR * result.points / result.possible) if result.possible else 0
    return "█" * full + "·" * (_BAR - full)


def _standing(result: AnswerResult) -> str:
    points = f"{result.points:g}/{result.possible:g}"
    if result.outcome == "not started":
        return f"{points} not started"
    if result.outcome == "passed":
        return points
    return f"{points} {len(result.failed)} of {len(result.verdicts)} checks failed"
