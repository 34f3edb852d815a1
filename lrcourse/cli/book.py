"""``lrcourse book``: the built book in a browser."""

import argparse
import sys
import webbrowser

from lrcourse._course import CARRIED, course_folder

OPENED, CANNOT_WORK = 0, 4


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the parser's `commands`."""
    parser = commands.add_parser(
        "book",
        help="open the built book in a browser",
        description="Open the built book in a browser, or say how to build it. Exit "
        "status: 0 it is open, 4 there is none.",
    )
    parser.set_defaults(run=lambda chosen: run())


def run() -> int:
    """Open the book and return the exit status."""
    course = course_folder()
    page = course / "_build/html/index.html"
    if page.is_file():
        print(page)
        webbrowser.open(page.as_uri())
        return OPENED
    how = f"run `make book` in {course}"
    if course == CARRIED:
        how = (
            "an installed lrcourse carries the chapters as notebooks, which `lrcourse "
            "start` writes into a folder; a checkout builds the pages with `make book`"
        )
    print(f"lrcourse book: the book is not built here: {how}", file=sys.stderr)
    return CANNOT_WORK
