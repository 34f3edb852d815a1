"""`check` in a notebook: listens to the cells that run, asks the checking process.

The kernel holds no check and no expected value. It sends the sources of the cells that
ran; a second time it sends the saved notebook's cells, with what ran in their place, to
see whether the answer also works alone.
"""

import contextlib
import functools
import inspect
import os
import sys
from pathlib import Path
from typing import Any

from lrcourse.grading.entrances.card import Card
from lrcourse.grading.entrances.client import Checker
from lrcourse.grading.notebook import (
    Cell,
    NotebookUnreadable,
    defined_names,
    read_cells,
)
from lrcourse.grading.verdict import Verdict

_UNKNOWN_FILE = "Checked in this kernel only: where the notebook is saved is not known."


def check(*names: str) -> None:
    """Check the answers `names` and show a card for each.

    Raises:
        ValueError: no exercise asks for an answer of that name.
        RuntimeError: called outside a notebook, or the checking process has ended.
    """
    listener = _listen_or_refuse()
    if not names:
        raise ValueError('check needs the name of an answer: check("cosine_lr")')
    for name in names:
        listener.show(name)


def auto_check(on: bool = True) -> None:
    """Say whether a cell that defines an answer is checked as soon as it has run.

    Raises:
        RuntimeError: called outside a notebook.
    """
    _listen_or_refuse().automatic = on


class Listener:
    """Keeps the source of every cell as it runs, and the process that checks."""

    def __init__(self, shell: Any) -> None:
        self.shell = shell
        self.ran: dict[str, Cell] = {}
        self.automatic = True
        self.checker = Checker(Path.cwd())
        self._names: set[str] | None = None
        self._shown: set[str] = set()
        earlier = shell.user_ns.get("In", [])
        for number, source in enumerate(earlier):
            self._keep(f"earlier {number}", source)
        shell.events.register("pre_run_cell", self.before)
        shell.events.register("post_run_cell", self.after)

    def before(self, info: Any) -> None:
        """Keep the source of a cell that is about to run."""
        self._shown.clear()
        self._hear(info)

    def after(self, result: Any) -> None:
        """Check the answers that a cell defined, unless it has done so itself."""
        self._hear(result.info)  # the cell that imports this room had no "before"
        if not (self.automatic and result.success and self.checker.checks):
            return
        defined = defined_names(result.info.raw_cell or "") - self._shown
        for name in self._ask_names() & defined if defined else ():
            self.show(name, blank=False)

    def _ask_names(self) -> set[str]:
        """Ask, once, for which answers there are checks."""
        if self._names is None:
            self._names = set(self.checker.ask_names())
        return self._names

    def show(self, name: str, blank: bool = True) -> None:
        """Display an answer's card; that of a `blank` only where it is asked for."""
        from IPython.display import display

        card = self.check(name)
        self._shown.add(name)
        if blank or card.result.outcome != "not started":
            display(card)  # type: ignore[no-untyped-call]

    def _hear(self, info: Any) -> None:
        """Keep a cell's source; one that runs again moves to the end."""
        key = getattr(info, "cell_id", None) or f"source {info.raw_cell}"
        self._keep(key, info.raw_cell or "")

    def _keep(self, key: str, source: str) -> None:
        self.ran.pop(key, None)
        if source.strip():
            self.ran[key] = Cell("the cell you ran", source, key)

    def check(self, name: str) -> Card:
        """Check one answer as it ran here; the card has a note if it fails alone."""
        here = self.checker.check(name, self._cells_here(name))
        return Card(here, self._check_alone(name, here))

    def _cells_here(self, name: str) -> list[Cell]:
        saved = {cell.id: cell.title for cell in self._saved() or [] if cell.id}
        cells = [
            Cell(saved.get(cell.id or "", cell.title), cell.source, cell.id)
            for cell in self.ran.values()
        ]
        if name in self.shell.user_ns and not any(name in c.source for c in cells):
            with contextlib.suppress(
                OSError, TypeError
            ):  # no source: it will be missing
                source = inspect.getsource(self.shell.user_ns[name])
                cells.append(Cell(f"the source of {name}", source))
        return cells

    def _saved(self) -> list[Cell] | None:
        """Return the saved notebook's cells, or None where its file is not known."""
        place = self.shell.user_ns.get("__vsc_ipynb_file__")
        place = place or os.environ.get("JPY_SESSION_NAME")
        try:
            return read_cells(Path(place)) if place else None
        except NotebookUnreadable:  # renamed since the kernel started
            return None

    def _check_alone(self, name: str, here: dict[str, Any]) -> str:
        """Check the saved cells; say what they need that only this kernel still has.

        What had to be stopped here is not waited for once more.
        """
        if here["stopped"]:
            return ""
        saved = self._saved()
        if saved is None:
            return _UNKNOWN_FILE
        alone = [
            Cell(
                cell.title,
                self.ran[cell.id].source if cell.id in self.ran else cell.source,
            )
            for cell in saved
        ]
        there = self.checker.check(name, alone)
        if _earned(there) >= _earned(here):
            return ""
        first = next(v for v in there["verdicts"] if v["outcome"] != "passed")
        return (
            "This works only through what the kernel still remembers. With the saved "
            f"notebook's cells alone: {first['sentence'] or first['outcome']}. Save "
            "the notebook; if the note stays, bring back the cell that is gone."
        )


def _earned(result: dict[str, Any]) -> float:
    verdicts = [Verdict(**verdict) for verdict in result["verdicts"]]
    return sum(each.points for each in verdicts if each.outcome == "passed")


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
