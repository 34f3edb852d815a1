"""A worker process as its grader sees it: started early, timed, asked, killed."""

import secrets
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Protocol

from lrcourse.grading.sandbox.host.clock import Clock
from lrcourse.grading.sandbox.host.pipes import KEPT
from lrcourse.grading.sandbox.host.process import (
    CannotStart,
    Warm,
    Worker,
    start_alone,
)
from lrcourse.grading.sandbox.host.replies import checked
from lrcourse.grading.sandbox.jail import Level
from lrcourse.grading.sandbox.jail.levels import require
from lrcourse.grading.sandbox.jail.view import of_this_python, refuse_secrets
from lrcourse.grading.sandbox.preload import kind_for
from lrcourse.grading.sandbox.wire import WireError, clean, frame, parse

CALL_SECONDS = 5.0
CELL_SECONDS = 10.0
SUBMISSION_SECONDS = 60.0
START_SECONDS = 60.0
_TICK = 0.05


class Stopped(Exception):
    """The worker is gone; `cell` names the cell that ran, if it was one."""

    def __init__(self, cell: str = "") -> None:
        super().__init__(cell)
        self.cell = cell


class OutOfTime(Stopped):
    """The worker computed for longer than it may, and was killed."""


class Died(Stopped):
    """The worker ended by itself: a crash, an exit, a closed pipe, a full box."""


class Asked(Protocol):
    """What runs answers, as those who ask it see it: `Interpreter`, or a stand-in."""

    seconds_left: float

    def ask(
        self, request: dict[str, Any], oracle: Callable[[Any], Any] | None = None
    ) -> Any:
        """Return the reply to one request."""

    def printed(self) -> str:
        """Return what was printed since the last request."""

    def kill(self) -> None:
        """End it."""


class Interpreter:
    """One fresh Python that has imported numpy and nothing of the course's answers.

    `seconds_left` is what the submission may still take on the wall; whoever loads it
    once more, into another interpreter, hands on what the first one left.
    """

    def __init__(self, worker: Worker, level: Level) -> None:
        self.process = worker.process
        self.level = level
        self.seconds_left = SUBMISSION_SECONDS
        self._pipes = worker.pipes
        self._box = worker.box
        self._running = ""
        self._is_ready = False
        self._is_killed = False

    def ask(
        self, request: dict[str, Any], oracle: Callable[[Any], Any] | None = None
    ) -> Any:
        """Send `request` and return its reply, answering oracles and progress between.

        Raises:
            OutOfTime: it ran for longer than `CALL_SECONDS`, or a cell `CELL_SECONDS`.
            Died: it ended by itself, or said what no worker says.
            CannotStart: it could not be started, or not be confined.
        """
        self._be_ready()
        self._pipes.forget_printed()
        self._running, started = "", time.monotonic()
        try:
            reply = self._converse(request, oracle, started)
            self._look_into_the_box()
        except WireError as error:
            self.kill()
            raise Died(self._running) from error
        except Stopped as stop:
            raise type(stop)(self._running) from stop
        finally:
            self.seconds_left -= time.monotonic() - started
        return reply

    def _converse(
        self, request: dict[str, Any], oracle: Callable[[Any], Any] | None, start: float
    ) -> dict[str, Any]:
        nonce, is_load = secrets.token_hex(8), request["op"] == "load"
        clock = self._clock(CALL_SECONDS, start)
        self._pipes.send(frame(request | {"nonce": nonce}))
        while True:
            reply = checked(self._wait(clock), nonce, is_load)
            if "oracle" in reply:
                self._pipes.send(frame(_answered(oracle, reply)))
            elif "running" in reply:
                self._running = reply["running"]
                clock = self._clock(CELL_SECONDS, start)
            else:
                return reply

    def printed(self) -> str:
        """Return what the learner's code printed since the last `ask` began.

        At most 64 KiB of it, with what a terminal would obey spelled out.
        """
        text = self._pipes.printed().decode(errors="replace")
        return clean(text.replace("\r\n", "\n").replace("\r", "\n"), KEPT)

    def kill(self) -> None:
        """End the process, whatever it is doing, and remove its folder."""
        if self._is_killed:
            return
        self._is_killed = True
        self.process.kill()
        self._pipes.printed()  # the last words are still in the pipe
        self._pipes.close()
        if self._box is not None:
            self._box.close()

    def _be_ready(self) -> None:
        """Wait until it runs, and has tried in vain what its level must stop."""
        if self._is_killed:
            raise Died
        if self._is_ready:
            return
        try:
            self.process.wait_for_start(START_SECONDS)
            hello = self._wait(self._clock(START_SECONDS, time.monotonic()))
            if hello != {"ready": int(self.level), "open": []}:
                raise CannotStart(
                    f"learners' code would not be confined to {self.level.name} as it "
                    f"must be: {clean(repr(hello))}"
                )
        except (CannotStart, Stopped) as error:
            self.kill()
            said = self.printed()[-600:]
            why = str(error) or "the worker ended as it started"
            raise CannotStart(f"{why} {said}".rstrip()) from None
        self._is_ready = True

    def _wait(self, clock: Clock) -> Any:
        try:
            while (body := self._pipes.body()) is None:
                self._pipes.wait(_TICK)
                if clock.is_late():
                    self.kill()
                    raise OutOfTime
                if clock.is_time_to_look():
                    self._look_into_the_box()
            return parse(body)
        except EOFError:
            self.kill()
            raise Died from None

    def _look_into_the_box(self) -> None:
        if self._box is not None and self._box.is_full(self.process.pid):
            self.kill()
            raise Died

    def _clock(self, seconds: float, started: float) -> Clock:
        return Clock(self.process, seconds, started + self.seconds_left)


def _answered(
    oracle: Callable[[Any], Any] | None, reply: dict[str, Any]
) -> dict[str, Any]:
    if oracle is None:
        raise WireError("a call of an oracle where none was given")
    answer: dict[str, Any] = oracle(reply)
    return answer


class Pool:
    """Keeps interpreters warm, so that an answer never waits for a start.

    `level` is how well they are confined, and the best that works here unless given.
    None of `secrets`, files or folders, may lie where a learner's code can read.

    Raises:
        ValueError: this machine cannot do `level`, or a secret is not safe.
    """

    def __init__(
        self,
        spares: int = 1,
        level: Level | None = None,
        secrets: Sequence[Path] = (),
    ) -> None:
        refuse_secrets(of_this_python(), secrets)
        self.level = require(level)
        self._count = spares
        self._warm: dict[str, Warm] = {}
        self._spares: list[Interpreter] = []
        self._ready_for: tuple[str, tuple[str, ...]] = ("numpy", ())
        self._fill(spares)

    def take(
        self, imports: Iterable[str] = (), forbidden: Sequence[str] = ()
    ) -> Interpreter:
        """Hand over an interpreter for cells that import these, and start another.

        Its code cannot see the modules `forbidden`.
        """
        wanted = kind_for(imports), tuple(forbidden)
        if wanted != self._ready_for:
            self._end_spares()
            self._ready_for = wanted
        self._fill(self._count + 1)
        interpreter = self._spares.pop(0)
        interpreter.seconds_left = SUBMISSION_SECONDS
        return interpreter

    def close(self) -> None:
        """End the warm interpreters, and with them all that were taken from them."""
        self._end_spares()
        while self._warm:
            self._warm.popitem()[1].close()

    def _end_spares(self) -> None:
        while self._spares:
            self._spares.pop().kill()

    def _fill(self, count: int) -> None:
        alive = [each for each in self._spares if each.process.poll() is None]
        missing = count - len(alive)
        new = [Interpreter(self._start(), self.level) for _ in range(missing)]
        self._spares = alive + new

    def _start(self) -> Worker:
        kind, hidden = self._ready_for
        if sys.platform != "linux":
            return start_alone(self.level)
        warm = self._warm.get(kind)
        if warm is not None and warm.process.poll() is not None:
            warm.close()
            warm = None
        if warm is None:
            warm = self._warm[kind] = Warm(kind, self.level)
        return warm.start(hidden)
