"""``lrcourse new``: templates for what a contributor adds."""

import argparse
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

_CHAPTER = {"metavar": "CHAPTER", "help": "as in 07_why_decay"}
KINDS: dict[str, tuple[str, dict[str, dict[str, Any]]]] = {  # its help, its arguments
    "schedule": (
        "a function of lrcourse.schedules",
        {
            "name": {"help": "its name, as in cosine"},
            "--room": {
                "default": "curves",
                "help": "curves (the default) or cycles",
            },
        },
    ),
    "rule": (
        "an update rule of lrcourse.optimizers",
        {"name": {"help": "its name, as in AdamW"}},
    ),
    "answer": (
        "a function that an exercise asks for",
        {
            "name": {"help": "its name, as in cosine_lr"},
            "slug": {"metavar": "EXERCISE", "help": "as in 06_decay_formulas"},
            "--kind": {
                "default": "function",
                "help": "function (the default); cases, which tell a function from its "
                "known mistakes; claims about recorded runs",
            },
        },
    ),
    "exercise": (
        "a chapter's exercise, with an answer",
        {"slug": _CHAPTER, "answer": {"help": "the name of its first answer"}},
    ),
    "chapter": (
        "a notebook of the book",
        {
            "slug": _CHAPTER,
            "--part": {"default": "", "help": 'as in "V. Practice"; made if new'},
        },
    ),
}


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command and its kinds to the parser's `commands`."""
    parser = commands.add_parser(
        "new",
        help="write the template of a schedule, a rule, an answer, an exercise, "
        "a chapter",
        description="Write a template that runs as it is, with all that the tests of "
        "the house ask for. What is to be filled in is marked UNFINISHED.",
    )
    kinds = parser.add_subparsers(required=True, metavar="KIND")
    for kind, (purpose, arguments) in KINDS.items():
        made = kinds.add_parser(kind, help=purpose)
        for name, settings in arguments.items():
            made.add_argument(name, **settings)
        names = [name.removeprefix("--") for name in arguments]
        made.set_defaults(run=partial(_write, kind, names))


def _write(kind: str, names: Sequence[str], chosen: argparse.Namespace) -> int:
    """Write a template into the course around here; print what was touched."""
    # here, because learners have this command too
    from lrcourse.authoring import scaffold

    make: Callable[..., list[str]] = getattr(scaffold, f"new_{kind}")
    try:
        touched = make(Path.cwd(), *(getattr(chosen, name) for name in names))
    except ValueError as error:
        print(f"lrcourse new: {error}")
        return 2
    print("\n".join(touched))
    print(f"Fill in what is marked {scaffold.MARK}: grep -rn {scaffold.MARK} .")
    return 0
