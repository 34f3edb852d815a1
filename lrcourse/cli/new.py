"""``lrcourse new``: templates for what a contributor adds."""

import argparse
from collections.abc import Callable
from pathlib import Path


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
    schedule = kinds.add_parser("schedule", help="a function of lrcourse.schedules")
    schedule.add_argument("name", help="its name, as in cosine")
    schedule.add_argument(
        "--room", default="curves", help="curves (the default), cycles or combine"
    )
    schedule.set_defaults(run=lambda chosen: _write("schedule", chosen, "name", "room"))
    rule = kinds.add_parser("rule", help="an update rule of lrcourse.optimizers")
    rule.add_argument("name", help="its name, as in AdamW")
    rule.set_defaults(run=lambda chosen: _write("rule", chosen, "name"))
    answer = kinds.add_parser("answer", help="a function that an exercise asks for")
    answer.add_argument("name", help="its name, as in cosine_lr")
    answer.add_argument("slug", metavar="EXERCISE", help="as in 06_decay_formulas")
    answer.set_defaults(run=lambda chosen: _write("answer", chosen, "name", "slug"))
    exercise = kinds.add_parser("exercise", help="a chapter's exercise, with an answer")
    exercise.add_argument("slug", metavar="CHAPTER", help="as in 06_decay_formulas")
    exercise.add_argument("answer", help="the name of its first answer")
    exercise.set_defaults(
        run=lambda chosen: _write("exercise", chosen, "slug", "answer")
    )
    chapter = kinds.add_parser("chapter", help="a notebook of the book")
    chapter.add_argument("slug", metavar="CHAPTER", help="as in 07_why_decay")
    chapter.add_argument("--part", default="", help='as in "V. Practice"; made if new')
    chapter.set_defaults(run=lambda chosen: _write("chapter", chosen, "slug", "part"))


def _write(kind: str, chosen: argparse.Namespace, *names: str) -> int:
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
