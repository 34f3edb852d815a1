"""`check` in a notebook: listens to the cells that run, asks the checking process.

The kernel holds no check and no expected value. It sends the sources of the cells that
ran; a second time it sends the saved notebook's cells, with what ran in their place, to
see whether the answer also works alone.
"""

import functools
import secrets
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lrcourse.grading.entrances.card import Sentence
from lrcourse.grading.entrances.client import Checker
from lrcourse.grading.entrances.examiner import Examiner
from lrcourse.grading.notebook import defined_names
from lrcourse.grading.recalls import LAST


def check(*answers: str | Callable[..., Any]) -> None:
    """Check the `answers`, by name or themselves, and show a card for each.

    Without one, show how every answer of the exercise stands.

    Raises:
        RuntimeError: called outside a notebook, or the checking process has ended.
    """
    listener = _listen_or_refuse()
    if not answers:
        listener.show_overview()
    for answer in answers:
        listener.show(getattr(answer, "__name__", str(answer)))


def ask(*recalls: str | Callable[..., Any]) -> None:
    """Ask a question from an earlier chapter; each time, its numbers are others.

    Raises:
        RuntimeError: called outside a notebook, or the checking process has ended.
    """
    listener = _listen_or_refuse()
    for recall in recalls:
        listener.ask(getattr(recall, "__name__", str(recall)))


def auto_check(on: bool = True) -> None:
    """Say whether a cell that defines an answer is checked as soon as it has run.

    Raises:
        RuntimeError: called outside a notebook.
    """
    _listen_or_refuse().automatic = on


class Listener:
    """Hears every cell as it runs, and shows what the examiner finds."""

    def __init__(self, shell: Any) -> None:
        self.automatic = True
        self.examiner = Examiner(shell, Checker(Path.cwd()))
        self._shown: set[str] = set()
        for number, source in enumerate(shell.user_ns.get("In", [])):
            self.examiner.cells.keep(f"earlier {number}", source)
        shell.events.register("pre_run_cell", self.before)
        shell.events.register("post_run_cell", self.after)

    def before(self, info: Any) -> None:
        """Keep the source of a cell that is about to run."""
        self._shown.clear()
        self._hear(info)

    def after(self, result: Any) -> None:
        """Check the answers that a cell defined, unless it has done so itself."""
        self._hear(result.info)  # the cell that imports this room had no "before"
        if not (self.automatic and result.success and self.examiner.has_checks):
            return
        defined = defined_names(result.info.raw_cell or "") - self._shown
        for name in self.examiner.names & defined if defined else ():
            self.show(name, blank=False)

    def show(self, name: str, blank: bool = True) -> None:
        """Display an answer's card; that of a `blank` only where it is asked for."""
        try:
            card = self.examiner.examine(name)
        except ValueError as error:
            _display(Sentence(f"{error}."))
            return
        self._shown.add(name)
        if blank or card.standing or card.result.outcome != "not started":
            _display(card)

    def ask(self, name: str) -> None:
        """Display a question with numbers of its own."""
        try:
            _display(self.examiner.question(name, secrets.randbelow(LAST) + 1))
        except ValueError as error:
            _display(Sentence(f"{error}."))

    def show_overview(self) -> None:
        """Display how every answer of this notebook's exercise stands."""
        overview = self.examiner.overview()
        nothing = Sentence("check() knows no exercise here: name an answer instead.")
        _display(overview or nothing)

    def _hear(self, info: Any) -> None:
        key = getattr(info, "cell_id", None) or f"source {info.raw_cell}"
        self.examiner.cells.keep(key, info.raw_cell or "")


def _display(shown: object) -> None:
    from IPython.display import display

    display(shown)  # type: ignore[no-untyped-call]


def _listen_or_refuse() -> Listener:
    listener = _listen()
    if listener is None:
        raise RuntimeError("check works in a notebook; elsewhere run: lrcourse check")
    return listener


@functools.cache
def _listen() -> Listener | None:
    """Begin to listen, once in a kernel; there is nothing to hear outside IPython."""
    if "IPython" not in sys.modules:
        return None
    from IPython import get_ipython

    shell = get_ipython()
    return None if shell is None else Listener(shell)


_listen()  # a notebook's first cell imports this room: from here on cells are heard
