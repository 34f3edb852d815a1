"""A worker process as its grader sees it: started early, timed, asked, killed."""

import secrets
import time
from typing import Protocol

from lrcourse.grading.sandbox.host.clock import Clock, Limit
from lrcourse.grading.sandbox.host.pipes import KEPT
from lrcourse.grading.sandbox.host.process import CannotStart, StartedWorker
from lrcourse.grading.sandbox.jail import Level
from lrcourse.grading.sandbox.messages import (
    AnswerCallback,
    CallbackCall,
    Load,
    Reply,
    Request,
    Running,
    callback_data,
    read_said,
    ready_data,
    request_data,
)
from lrcourse.grading.sandbox.wire import Data, WireError, clean, frame, parse

CALL_SECONDS = 5.0
CELL_SECONDS = 10.0
SUBMISSION_SECONDS = 60.0
START_SECONDS = 60.0
SUBMISSION_BYTES = (
    256 * 2**20
)  # what is returned is kept here until the checks are done
_TICK = 0.05


class Stopped(Exception):
    """The worker is gone; `cell` names the cell that ran, if it was one."""

    def __init__(self, cell: str = "") -> None:
        super().__init__(cell)
        self.cell = cell


class OutOfTime(Stopped):
    """The worker ran for longer than it may, and was killed; `limit` says by what."""

    def __init__(self, cell: str = "", limit: Limit = "processor") -> None:
        super().__init__(cell)
        self.limit = limit


class Died(Stopped):
    """The worker ended by itself: a crash, an exit, a closed pipe, too much scratch."""


class SaidTooMuch(Stopped):
    """The submission has returned more than may be kept of it."""


class Runner(Protocol):
    """What runs answers, as those who ask it see it: `Interpreter`, or a stand-in."""

    seconds_left: float
    bytes_left: float

    def ask(self, request: Request, callback: AnswerCallback | None = None) -> Reply:
        """Return the reply to one request."""

    def printed(self) -> str:
        """Return what was printed from the last request on."""

    def cpu_seconds(self) -> float:
        """Return the processor time it has used; 0 where that is not told."""

    def kill(self) -> None:
        """End it."""


class Interpreter:
    """One fresh Python that has imported numpy and nothing of the course's answers.

    `seconds_left` is what the submission may still take on the wall, this one's start
    included, `bytes_left` what it may still say; whoever loads it once more, into
    another interpreter, hands them on.
    """

    def __init__(self, worker: StartedWorker, level: Level) -> None:
        self.process = worker.process
        self.level = level
        self.seconds_left = SUBMISSION_SECONDS
        self.bytes_left: float = SUBMISSION_BYTES
        self._pipes = worker.pipes
        self._scratch = worker.scratch
        self._running = ""
        self._is_ready = False
        self._is_killed = False

    def ask(self, request: Request, callback: AnswerCallback | None = None) -> Reply:
        """Send `request` and return its reply, answering callbacks in between.

        Raises:
            OutOfTime: it ran for longer than `CALL_SECONDS`, or a cell `CELL_SECONDS`.
            Died: it ended by itself, or said what no worker says.
            SaidTooMuch: the submission has nothing left of `SUBMISSION_BYTES`.
            CannotStart: it could not be started, or not be confined.
            FrameTooLarge: the request is too long to be sent; the worker lives on.
        """
        nonce, started = secrets.token_hex(8), time.monotonic()
        asked = frame(request_data(request, nonce))
        self._running = ""
        try:
            self._wait_until_ready()
            self._pipes.forget_printed()
            self._pipes.send(asked)
            reply = self._hear(nonce, isinstance(request, Load), callback, started)
            self._end_if_scratch_is_full()
            self._pipes.drain()
        except WireError as error:
            self.kill()
            raise Died(self._running) from error
        except Stopped as stop:
            stop.cell = self._running
            raise
        finally:
            self.seconds_left -= time.monotonic() - started
        return reply

    def _hear(
        self, nonce: str, is_load: bool, callback: AnswerCallback | None, start: float
    ) -> Reply:
        """Return the reply to a request that was sent, and serve it meanwhile."""
        clock = self._clock(CALL_SECONDS, start)
        while True:
            said = read_said(self._wait(clock), nonce, is_load)
            if isinstance(said, CallbackCall):
                if callback is None:
                    raise WireError("a callback where none was given")
                self._pipes.send(frame(callback_data(callback(said))))
            elif isinstance(said, Running):
                self._running = said.title
                seconds = CELL_SECONDS if said.title else CALL_SECONDS
                clock = self._clock(seconds, start)
            else:
                return said

    def printed(self) -> str:
        """Return what the learner's code printed from the last request on.

        At most 64 KiB of it, with what a terminal would obey spelled out.
        """
        text = self._pipes.printed().decode(errors="replace")
        return clean(text.replace("\r\n", "\n").replace("\r", "\n"), KEPT)

    def cpu_seconds(self) -> float:
        """Return the processor time it has used; 0 where that is not told."""
        return 0.0 if self._is_killed else self.process.cpu_seconds()

    def kill(self) -> None:
        """End the process, whatever it is doing, and remove its folder."""
        if self._is_killed:
            return
        self._is_killed = True
        self.process.kill()
        self._pipes.drain()  # its last words
        self._pipes.close()
        if self._scratch is not None:
            self._scratch.close()

    def _wait_until_ready(self) -> None:
        """Wait until it runs, and has tried in vain what its level must stop."""
        if self._is_killed:
            raise Died
        if self._is_ready:
            return
        seconds = min(START_SECONDS, max(self.seconds_left, _TICK))
        end = time.monotonic() + seconds
        try:
            self.process.wait_for_start(seconds)
            hello = self._wait(Clock(self.process, seconds, end))
            if hello != ready_data(int(self.level)):
                raise CannotStart(
                    f"learners' code would not be confined to {self.level.name} as it "
                    f"must be: {clean(repr(hello))}"
                )
        except (CannotStart, Stopped) as error:
            self.kill()
            if seconds < START_SECONDS and time.monotonic() >= end:
                raise OutOfTime(limit="submission") from None
            said = self.printed()[-600:]
            why = str(error) or "the worker ended as it started"
            raise CannotStart(f"{why} {said}".rstrip()) from None
        self._is_ready = True

    def _wait(self, clock: Clock) -> Data:
        try:
            while (body := self._pipes.take_frame()) is None:
                self._pipes.wait(_TICK)
                if limit := clock.reached():
                    self.kill()
                    raise OutOfTime(limit=limit)
                if clock.is_time_to_look():
                    clock.note_a_look()
                    self._end_if_scratch_is_full()
        except EOFError:
            self.kill()
            raise Died from None
        self.bytes_left -= len(body)
        if self.bytes_left < 0:
            self.kill()
            raise SaidTooMuch
        return parse(body)

    def _end_if_scratch_is_full(self) -> None:
        if self._scratch is not None and self._scratch.is_full(self.process.pid):
            self.kill()
            raise Died

    def _clock(self, seconds: float, started: float) -> Clock:
        return Clock(self.process, seconds, started + self.seconds_left)
