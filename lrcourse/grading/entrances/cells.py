"""A notebook's cells as its kernel knows them: what ran here, and what is saved."""

import contextlib
import inspect
import os
import re
from pathlib import Path
from typing import Any

from lrcourse.grading.notebook import (
    Cell,
    NotebookUnreadable,
    defined_names,
    read_cells,
)

_STUB = "raise NotImplementedError"


class Cells:
    """The source of every cell as it runs; one that runs again moves to the end."""

    def __init__(self, shell: Any) -> None:
        self.shell = shell
        self._ran: dict[str, Cell] = {}

    def keep(self, key: str, source: str) -> None:
        """Keep a cell's source under its id."""
        self._ran.pop(key, None)
        if source.strip():
            self._ran[key] = Cell("the cell you ran", source, key)

    def here(self, name: str) -> list[Cell]:
        """Return what ran, and the source of `name` if it came from elsewhere."""
        saved = {cell.id: cell.title for cell in self.saved() or [] if cell.id}
        cells = [
            Cell(saved.get(cell.id or "", cell.title), cell.source, cell.id)
            for cell in self._ran.values()
        ]
        if name in self.shell.user_ns and not any(name in c.source for c in cells):
            # without a source it will be missing
            with contextlib.suppress(OSError, TypeError):
                source = inspect.getsource(self.shell.user_ns[name])
                cells.append(Cell(f"the source of {name}", source))
        return cells

    def saved(self) -> list[Cell] | None:
        """Return the saved notebook's cells, or None where its file is not known."""
        place = self.place()
        try:
            return read_cells(place) if place else None
        except NotebookUnreadable:  # renamed since the kernel started
            return None

    def place(self) -> Path | None:
        """Return the notebook's file, as the lab or the editor says."""
        place = self.shell.user_ns.get("__vsc_ipynb_file__")
        place = place or os.environ.get("JPY_SESSION_NAME")
        return Path(place) if place else None

    def alone(self) -> list[Cell] | None:
        """Return the saved cells, each as it last ran; None where they are unknown."""
        saved = self.saved()
        if saved is None:
            return None
        return [
            Cell(cell.title, self._ran.get(cell.id or "", cell).source)
            for cell in saved
        ]

    def defined(self) -> set[str]:
        """Return the functions and classes that cells which ran define."""
        return {
            name for cell in self._ran.values() for name in defined_names(cell.source)
        }

    def has_run(self, name: str) -> bool:
        """Say whether a cell with this definition has run, or the name came about."""
        return name in self.shell.user_ns or name in self.defined()

    def is_written(self, name: str) -> bool | None:
        """Say whether more than the stub is saved; None where no cell defines it."""
        text = _definition(name, self.saved() or [])
        return None if text is None else _STUB not in text

    def definition(self, name: str) -> str:
        """Return the lines that defined `name` when they last ran, "" if none did."""
        return _definition(name, list(self._ran.values())) or ""

    def is_blank(self, name: str) -> bool:
        """Say whether `name` ran as the stub that it was given as, or did not run."""
        text = self.definition(name)
        return _STUB in text or not (text or name in self.shell.user_ns)


def _definition(name: str, cells: list[Cell]) -> str | None:
    """Return the last definition: its lines up to the next of the outermost level."""
    pattern = rf"^(?:async\s+)?(?:def|class)\s+{name}\b.*(?:\n(?![\w@]).*)*"
    found = [
        match[0]
        for cell in cells
        for match in re.finditer(pattern, cell.source, re.MULTILINE)
    ]
    return found[-1] if found else None
