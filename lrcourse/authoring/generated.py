"""The command line of what is generated: write it, or with ``--check`` compare it."""

import argparse
from collections.abc import Callable
from pathlib import Path


def write_or_check(
    module: str,
    problems: Callable[[Path], list[str]],
    write: Callable[[Path], None],
    fine: str,
    arguments: list[str] | None,
) -> int:
    """Run ``python -m lrcourse.authoring.MODULE`` in the course's folder.

    `problems` returns a sentence for what is out of date and `write` mends it; `fine`
    is what ``--check`` says where nothing is. Returns the exit code.
    """
    parser = argparse.ArgumentParser(prog=f"python -m lrcourse.authoring.{module}")
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    root = Path()
    if not parser.parse_args(arguments).check:
        write(root)
        return 0
    found = problems(root)
    print("\n".join(found) or fine)
    return 1 if found else 0
