"""The bank's table: who earned what, and whether that was fair."""

from collections.abc import Sequence


def table_of(kind: str, rows: Sequence[tuple[str, float, float]]) -> str:
    """Return one line for each row of name, points earned, points that are fair."""
    width = max(len(name) for name, *_ in rows)
    lines = [f"{kind:<{width}}  fair  points"]
    for name, earned, fair in rows:
        lines.append(
            f"{name:<{width}}  {'yes' if earned == fair else 'NO':<4}  {earned:g}"
        )
    fair_rows = sum(earned == fair for _, earned, fair in rows)
    return "\n".join([*lines, f"{fair_rows} of {len(rows)} are fair"])
