"""The checking process as its client sees it: started once, asked many times."""

import contextlib
import os
import secrets
import subprocess
import sys
import tempfile
import threading
import weakref
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from lrcourse.grading.entrances.unknown import require_known
from lrcourse.grading.exercise import checks_folder
from lrcourse.grading.notebook import Cell
from lrcourse.grading.sandbox.wire import (
    FrameTooLarge,
    WireError,
    frame,
    read_frame,
    read_reply,
    write_frame,
)


class Checker:
    """A process with the checks for a folder of notebooks, started again when it ended.

    Its checks are those for the notebooks in `folder`, unless `checks` says where they
    are. `secret` draws the parameters of hidden checks; it travels through the pipe,
    where no list of processes shows it. `level` is how well a learner's code is
    confined there, "L0" to "L3", and empty until the process is ready.

    Threads take turns. After a fork the child starts a process of its own.
    """

    def __init__(
        self, folder: Path, secret: bytes = b"", *, checks: Path | None = None
    ) -> None:
        self.checks = checks or checks_folder(folder)
        self.secret = secret
        self.level = ""
        self.process: subprocess.Popen[bytes] | None = None
        self._turn = threading.RLock()
        _CHECKERS.add(self)
        if self.checks is not None:
            self._start()

    def wait_until_ready(self) -> None:
        """Wait until the process has proven at which level it confines.

        Raises:
            RuntimeError: there are no checks or they are broken, or the process has
                ended.
        """
        with self._turn:
            process = self._running()
            if not self.level:
                with self._said_if_it_ends():
                    assert process.stdout is not None
                    ready = read_frame(process.stdout)
                self._require_sound(ready)
                self.level = ready["level"]

    def check(self, name: str, cells: Sequence[Cell]) -> dict[str, Any]:
        """Run the checks of one answer; return their results (see `server.Result`).

        Raises:
            ValueError: no exercise asks for an answer of that name, or the cells hold
                more than 64 MiB.
            RuntimeError: there are no checks or they are broken, nothing can be run
                here, or the process has ended.
        """
        request = {
            "answers": [name],
            "cells": [[cell.title, cell.source] for cell in cells],
        }
        try:
            reply = self._ask(request)
        except FrameTooLarge as error:
            raise ValueError(
                "the cells hold too much to be checked: keep data in a file of its own "
                f"({error})"
            ) from error
        require_known(name, reply)
        result: dict[str, Any] = reply["results"][0]
        return result

    def ask_names(self) -> list[str]:
        """Return the names of all answers that the exercises ask for.

        Raises:
            RuntimeError: there are no checks, or the process has ended.
        """
        names: list[str] = self._ask({"answers": [""], "cells": []})["known"]
        return names

    def question(self, name: str, number: int) -> dict[str, str]:
        """Return the question `number` from an earlier chapter, see `drawn_question`.

        Raises:
            ValueError: no exercise asks one of that name, or its solution is not here.
            RuntimeError: there are no checks, or the process has ended.
        """
        reply: dict[str, str] = self._ask({"recall": name, "number": number})
        require_known(name, reply)
        if "refused" in reply:
            raise ValueError(reply["refused"])
        return reply

    def grade(
        self, notebook: Path, exercise: str, student: str, show_hidden: bool = False
    ) -> dict[str, Any]:
        """Return the results of a whole notebook, or why there are none: "refused".

        With a secret, hidden checks show calls and values only if `show_hidden`.

        Raises:
            RuntimeError: there are no checks or they are broken, nothing can be run
                here, or the process has ended.
        """
        request = {"notebook": str(notebook.absolute()), "exercise": exercise}
        return self._ask(request | {"student": student, "show_hidden": show_hidden})

    def _ask(self, request: dict[str, Any]) -> dict[str, Any]:
        nonce = secrets.token_hex(8)
        asked = frame(request | {"nonce": nonce})
        with self._turn:
            self.wait_until_ready()
            process = self._running()
            assert process.stdin is not None
            assert process.stdout is not None
            with self._said_if_it_ends():
                process.stdin.write(asked)
                process.stdin.flush()
                reply = read_reply(process.stdout, nonce)
            self._require_sound(reply)
        return reply

    def _require_sound(self, reply: dict[str, Any]) -> None:
        """Refuse a reply that there can be none; the next question starts anew."""
        if "broken" in reply:
            self.close()
            raise RuntimeError(reply["broken"])

    @contextlib.contextmanager
    def _said_if_it_ends(self) -> Iterator[None]:
        """Close what is left of a process that ends meanwhile, and say its last words.

        After an interrupt too: its answer would be taken for the next one's.
        """
        try:
            yield
        except (EOFError, OSError, WireError) as error:
            said = self._read_last_words()
            self.close()
            raise RuntimeError(
                f"the checking process was lost ({error}): try it again. {said}"
            ) from error
        except KeyboardInterrupt:
            self.close()
            raise

    def _running(self) -> "subprocess.Popen[bytes]":
        """Return the process, started unless it runs."""
        if self.checks is None:
            raise RuntimeError(
                "no checks found: open the notebook from the exercises folder, "
                "which holds a folder named checks"
            )
        return self.process or self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        self.errors = tempfile.TemporaryFile()
        # -P: a learner's numpy.py beside the notebook is not the checks' numpy
        command = [sys.executable, "-P", "-m", "lrcourse.grading.checking.server"]
        self.level = ""
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
        """End the process, at once; the next question starts it again."""
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

    def let_go(self) -> None:
        """Leave the process alone: after a fork, it is the parent's."""
        process, self.process = self.process, None
        self._turn = threading.RLock()  # who held it is not in this process
        if process is not None:
            _LEFT_ALONE.append(process)
            process.returncode = 0  # nobody's to wait for here
            for pipe in (process.stdin, process.stdout):
                if pipe is not None and not pipe.closed:
                    _end_here(pipe.fileno())

    def _read_last_words(self) -> str:
        """Return the end of what the process wrote on its standard error."""
        self.errors.seek(0)
        return self.errors.read()[-500:].decode(errors="replace").strip()


def _end_here(descriptor: int) -> None:
    """Close this process' copy of a pipe's end; what is buffered goes nowhere."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, descriptor, inheritable=False)
    os.close(nowhere)


_CHECKERS: "weakref.WeakSet[Checker]" = weakref.WeakSet()
# kept: a thread that is not here may have been reading, and its pipe never closes
_LEFT_ALONE: "list[subprocess.Popen[bytes]]" = []


def _let_go_of_all() -> None:
    for checker in _CHECKERS:
        checker.let_go()


if hasattr(os, "register_at_fork"):  # Windows has no fork
    os.register_at_fork(after_in_child=_let_go_of_all)
