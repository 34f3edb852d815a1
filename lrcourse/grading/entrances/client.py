"""The checking process as its client sees it: started once, asked many times."""

import contextlib
import difflib
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lrcourse.grading.exercise import checks_folder
from lrcourse.grading.notebook import Cell
from lrcourse.grading.sandbox.wire import WireError, read_frame, write_frame


class Checker:
    """A process with the checks for a folder of notebooks, started again when it ended.

    `secret` draws the parameters of hidden checks; it travels through the pipe, where
    no list of processes shows it.
    """

    def __init__(self, folder: Path, secret: bytes = b"") -> None:
        self.checks = checks_folder(folder)
        self.secret = secret
        self.process: subprocess.Popen[bytes] | None = None
        self._ready: dict[str, Any] | None = None
        if self.checks is not None:
            self._start()

    @property
    def level(self) -> str:
        """The level at which a learner's code is confined: "L0" to "L3"."""
        if self._ready is None:
            self._ask(None)
        assert self._ready is not None
        level: str = self._ready["level"]
        return level

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

    def known(self) -> list[str]:
        """Return the names of all answers that the exercises ask for."""
        names: list[str] = self._ask({"answers": [""], "cells": []})["known"]
        return names

    def grade(self, notebook: Path, exercise: str, student: str) -> dict[str, Any]:
        """Return the results of a whole notebook, or why there are none: "refused"."""
        where = str(notebook.absolute())
        return self._ask({"notebook": where, "exercise": exercise, "student": student})

    def _ask(self, request: dict[str, Any] | None) -> dict[str, Any]:
        """Send `request` and return the reply; with None, wait until it is ready."""
        if self.checks is None:
            raise RuntimeError(
                "no checks found: open the notebook from the exercises folder, "
                "which holds a folder named checks"
            )
        process = self.process or self._start()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            if self._ready is None:
                self._ready = read_frame(process.stdout)
            if request is None:
                return {}
            write_frame(process.stdin, request)
            reply: dict[str, Any] = read_frame(process.stdout)
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
        # -P: a learner's numpy.py beside the notebook is not the checks' numpy
        command = [sys.executable, "-P", "-m", "lrcourse.grading.checking.server"]
        self._ready = None
        self.process = subprocess.Popen(
            [*command, str(self.checks)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.errors,
            env=os.environ
            | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": ""},
        )
        assert self.process.stdin is not None
        write_frame(self.process.stdin, {"secret": self.secret.hex()})
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
