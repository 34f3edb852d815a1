"""The ``lrcourse`` command, whose parts lie in the rooms beside this one."""

import argparse
import difflib
import io
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from lrcourse.cli import (
    audit,
    book,
    check,
    convert,
    doctor,
    help,
    new,
    start,
    status,
)

CANNOT_WORK = 4  # argparse's usage error is 2
COMMANDS = (start, status, check, help, book, doctor, audit, convert, new)


class Parser(argparse.ArgumentParser):
    """A parser that names the command which a mistyped one may have been."""

    def error(self, message: str) -> NoReturn:
        """Print the usage and what is wrong, and exit with 2."""
        words = message.split("'")
        if "invalid choice" in message and len(words) > 2:
            known = [word for word in words[3::2] if word.isidentifier()]
            if near := difflib.get_close_matches(words[1], known, n=1):
                message += f"; did you mean {near[0]}?"
        super().error(message)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    chosen = _parser().parse_args(arguments)
    _print_whatever_it_is()
    try:
        status: int = chosen.run(chosen)
        sys.stdout.flush()
    except BrokenPipeError:  # whoever read has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return CANNOT_WORK
    return status


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="lrcourse",
        description="A course on learning rates: begin with `lrcourse start`.",
    )
    commands = parser.add_subparsers(
        required=True, metavar="COMMAND", parser_class=Parser
    )
    for command in COMMANDS:
        command.add_to(commands)
    return parser


def _print_whatever_it_is() -> None:
    """Spell out what standard output cannot write, as a file on Western Windows.

    Where there is none, as in a job without a terminal, all goes nowhere.
    """
    if sys.stdout is None:
        sys.stdout = io.StringIO()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


if __name__ == "__main__":
    sys.exit(main())
