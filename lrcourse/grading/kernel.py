"""`check` in a notebook: listens to the cells that run, asks the checking process.

The kernel holds no check and no expected value. It sends the sources of the cells that
ran; a second time it sends the saved notebook's cells, with what ran in their place, to
see whether the answer also works alone.
"""

import contextlib
import difflib
import functools
import inspect
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lrcourse.grading.card import Card
from lrcourse.grading.course import checks_folder
from lrcourse.grading.notebook import Cell, NotebookUnreadable, read_cells
from lrcourse.grading.verdict import Verdict
from lrcourse.grading.wire import WireError, read_frame, write_frame

_UNKNOWN_FILE = "Checked in this kernel only: where the notebook is saved is not known."


def check(*names: str) -> None:
    """Check the answers `names` and show a card for each.

    Raises:
        ValueError: no exercise asks for an answer of that name.
        RuntimeError: called outside a notebook, or the checking process has ended.
    """
    listener = _listener()
    if listener is None:
        raise RuntimeError("check works in a notebook; elsewhere run: pytest exercises")
    if not names:
        raise ValueError('check needs the name of an answer: check("cosine_lr")')
    from IPython.display import display

    for name in names:
        display(listener.card(name))  # type: ignore[no-untyped-call]


class Listener:
    """Keeps the source of every cell as it runs, and the process that checks."""

    def __init__(self, shell: Any) -> None:
        self.shell = shell
        self.ran: dict[str, Cell] = {}
        self.checker = Checker(Path.cwd())
        earlier = shell.user_ns.get("In", [])
        for number, source in enumerate(earlier):
            self._keep(f"earlier {number}", source)
        shell.events.register("pre_run_cell", self.listen)
        shell.events.register("post_run_cell", lambda result: self.listen(result.info))

    def listen(self, info: Any) -> None:
        """Keep a cell's source; one that runs again moves to the end."""
        key = getattr(info, "cell_id", None) or f"source {info.raw_cell}"
        self._keep(key, info.raw_cell or "")

    def _keep(self, key: str, source: str) -> None:
        self.ran.pop(key, None)
        if source.strip():
            self.ran[key] = Cell("the cell you ran", source, key)

    def card(self, name: str) -> Card:
        """Return the card of one answer: as it ran here, with a note if not alone."""
        here = self.checker.results(name, self._cells_here(name))
        return Card(here, self._note(name, here))

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

    def _note(self, name: str, here: dict[str, Any]) -> str:
        """Say what an answer needs that only this kernel still has."""
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
        there = self.checker.results(name, alone)
        if _earned(there) >= _earned(here):
            return ""
        first = next(v for v in there["verdicts"] if v["outcome"] != "passed")
        return (
            "This works only through what the kernel still remembers. With the saved "
            f"notebook's cells alone: {first['sentence'] or first['outcome']}. Save "
            "the notebook; if the note stays, bring back the cell that is gone."
        )


class Checker:
    """The checking process of this kernel, started at once and again when it ended."""

    def __init__(self, folder: Path) -> None:
        self.checks = checks_folder(folder)
        self.process: subprocess.Popen[bytes] | None = None
        if self.checks is not None:
            self._start()

    def results(self, name: str, cells: Sequence[Cell]) -> dict[str, Any]:
        """Return the checks' results for one answer (see `server.Result`)."""
        request = {
            "answers": [name],
            "cells": [[cell.title, cell.source] for cell in cells],
        }
        reply = self._ask(request)
        if "unknown" in reply:
            near = difflib.get_close_matches(name, reply["known"], n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise ValueError(f"no exercise asks for {name!r}{hint}")
        result: dict[str, Any] = reply["results"][0]
        return result

    def _ask(self, request: dict[str, Any]) -> dict[str, Any]:
        if self.checks is None:
            raise RuntimeError(
                "no checks found: open the notebook from the exercises folder, "
                "which holds a folder named checks"
            )
        process = self.process or self._start()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            write_frame(process.stdin, request)
            reply: dict[str, Any] = read_frame(process.stdout)
            if reply == {"ready": True}:
                reply = read_frame(process.stdout)
        except (EOFError, OSError, WireError) as error:
            said = self._said()
            self.close()
            raise RuntimeError(
                f"the checking process ended: run the cell again. {said}"
            ) from error
        except KeyboardInterrupt:  # its answer would be taken for the next one's
            self.close()
            raise
        return reply

    def _start(self) -> subprocess.Popen[bytes]:
        self.errors = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "lrcourse.grading.server", str(self.checks)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.errors,
            env=os.environ
            | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": ""},
        )
        return self.process

    def close(self) -> None:
        """End the process; the next question starts it again."""
        process, self.process = self.process, None
        if process is None:
            return
        assert process.stdin is not None
        assert process.stdout is not None
        with contextlib.suppress(OSError):
            process.stdin.close()  # it ends by itself, and its interpreters with it
        try:
            process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()
        self.errors.close()

    def _said(self) -> str:
        self.errors.seek(0)
        return self.errors.read()[-500:].decode(errors="replace").strip()


def _earned(result: dict[str, Any]) -> float:
    verdicts = [Verdict(**verdict) for verdict in result["verdicts"]]
    return sum(each.points for each in verdicts if each.outcome == "passed")


@functools.cache
def _listener() -> Listener | None:
    """Return this kernel's one listener; there is none outside IPython."""
    if "IPython" not in sys.modules:
        return None
    from IPython import get_ipython

    shell = get_ipython()
    return None if shell is None else Listener(shell)


_listener()  # a notebook's first cell imports this room: from here on cells are heard
