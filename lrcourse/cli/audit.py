"""``lrcourse audit``: the rates in a log, named, and what is wrong with them."""

import argparse
import csv
import sys
from collections.abc import Sequence
from pathlib import Path

NOTHING_WRONG, SOMETHING_WRONG, CANNOT_WORK = 0, 1, 4  # as `lrcourse check` exits
NAMES = ("lr", "learning_rate", "learning rate", "learningrate")


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the parser's `commands`."""
    parser = commands.add_parser(
        "audit",
        help="name the schedule of the learning rates in a log, and its mistakes",
        description="Name the schedule that the learning rates in a log follow, and "
        "what is wrong with them. Exit status: 0 nothing is wrong, 1 something is, "
        "2 usage, 4 the log cannot be read.",
    )
    parser.add_argument("log", type=Path, metavar="FILE.csv", help="a row per update")
    parser.add_argument(
        "--column",
        action="append",
        default=[],
        metavar="NAME",
        help="the column with the rates; once more for each further parameter group",
    )
    parser.add_argument(
        "--updates-per-epoch", type=int, metavar="N", help="how many make an epoch"
    )
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Print the audit of a log and return the exit status."""
    from lrcourse.audit import audit  # here, because other commands need no NumPy

    try:
        rates = read_rates(chosen.log, chosen.column)
        found = audit(rates, updates_per_epoch=chosen.updates_per_epoch)
    except (OSError, ValueError) as error:
        print(f"lrcourse audit: {error}", file=sys.stderr)
        return CANNOT_WORK
    print(found)
    return SOMETHING_WRONG if found.findings else NOTHING_WRONG


def read_rates(log: Path, columns: Sequence[str] = ()) -> list[list[float]]:
    """Return the rates in `log`, one row per update, one column per parameter group.

    Rows without any rate are passed over: trackers leave the cell empty where they log
    something else. A file of one column needs no header.

    Raises:
        ValueError: there is no such column, none or several that could be meant, or a
            cell that is no number.
    """
    with log.open(newline="", encoding="utf-8-sig") as file:
        try:
            rows = [row for row in csv.reader(file) if row]
        except (csv.Error, UnicodeDecodeError) as error:
            raise ValueError(f"{log} is no CSV file: {error}") from error
    if not rows:
        raise ValueError(f"{log} is empty: it needs a row for each update")
    bare = len(rows[0]) == 1 and _is_number(rows[0][0]) and not columns
    header = ["lr"] if bare else [cell.strip() for cell in rows[0]]
    chosen = _chosen(log, header, columns)
    rates = [
        [_rate(log, number, row, header, at) for at in chosen]
        for number, row in enumerate(rows[not bare :], start=1 + (not bare))
        if any(cell.strip() for cell in _cells(row, chosen))
    ]
    if not rates:
        names = ", ".join(header[at] for at in chosen)
        raise ValueError(f"{log} has no rate in column {names}")
    return rates


def _chosen(log: Path, header: list[str], columns: Sequence[str]) -> list[int]:
    """Return the places of `columns` in the header, or of the one that is meant."""
    names = ", ".join(header)
    for column in columns:
        if column not in header:
            raise ValueError(f"{log} has no column {column}, only {names}")
    if columns:
        return [header.index(column) for column in columns]
    found = [at for at, name in enumerate(header) if _means_a_rate(name)]
    if not found:
        raise ValueError(
            f"{log} has no column that is called a learning rate, only {names}: name "
            "one with --column"
        )
    if len(found) > 1:
        several = ", ".join(header[at] for at in found)
        raise ValueError(
            f"{log} has several columns of rates, {several}: name one with --column, "
            "or each parameter group's"
        )
    return found


def _means_a_rate(name: str) -> bool:
    """Say whether `name` is a learning rate: lr, train/lr, lr-SGD, optimizer.lr."""
    last = name.lower().replace("/", ".").split(".")
    words = [*last, name.lower().partition("-")[0]]
    return any(word.strip() in NAMES for word in words)


def _cells(row: list[str], places: list[int]) -> list[str]:
    return [row[at] for at in places if at < len(row)]


def _rate(log: Path, number: int, row: list[str], header: list[str], at: int) -> float:
    """Return a cell as a rate; an empty one is that of a group not there yet."""
    cell = row[at].strip() if at < len(row) else ""
    if cell and not _is_number(cell):
        raise ValueError(
            f"{log}, row {number}: {header[at]} must be a number, got {cell!r}"
        )
    return float(cell or "nan")


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
