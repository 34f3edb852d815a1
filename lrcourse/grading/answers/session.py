"""One submission, loaded where it can be asked: the interpreter, its clock, retries.

A cell that hangs or ends Python is left out in the next interpreter. An answer that had
to be stopped once is not tried again, nor one that ended Python twice; and when the
submission's time is up, nothing is.
"""

import math
import time
from collections import defaultdict
from collections.abc import Callable, Sequence

from lrcourse.grading.answers.errors import (
    AnswerRaised,
    given_up,
    not_loaded,
    stopped,
)
from lrcourse.grading.notebook import Cell
from lrcourse.grading.sandbox.host.interpreter import (
    SUBMISSION_BYTES,
    SUBMISSION_SECONDS,
    OutOfTime,
    Runner,
    SaidTooMuch,
    Stopped,
)
from lrcourse.grading.sandbox.messages import AnswerCallback, Load, Reply, Request
from lrcourse.grading.sandbox.wire import MAX_FRAME, FrameTooLarge

MAX_STOPS = 1  # an endless loop costs 5 seconds, and one says all there is to say
MAX_DEATHS = 2
MAX_LEFT_OUT = 10  # cells: each of them costs an interpreter

# type and sentence of what ends a submission
TOO_LONG = (
    "Unreadable",
    f"the notebook's code is longer than {MAX_FRAME >> 20} MiB: keep data in a file of "
    "its own",
)
TOO_MUCH = (
    "TooMuch",
    f"the notebook returned more than {SUBMISSION_BYTES >> 20} MiB in all: nothing "
    "else of it is tried",
)
TOO_MANY = (
    "TimedOut",
    f"more than {MAX_LEFT_OUT} cells ran for too long or ended Python: nothing else of "
    "the notebook is tried",
)


class Session:
    """Asks a submission's interpreter, and starts another when one is lost.

    `printed` is what the learner's code wrote during the last request.
    """

    def __init__(
        self,
        cells: Sequence[Cell],
        forbidden: Sequence[str],
        new_runner: Callable[[], Runner],
        unreadable: str = "",
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.printed = ""
        self._cells = _told_apart(cells)
        self._forbidden = forbidden
        self._new_runner = new_runner
        self._now = now
        self._runner: Runner | None = None
        self._end = self._bytes_left = math.inf
        self._over = ("Unreadable", unreadable) if unreadable else None
        self._left_out: list[str] = []
        self._stops: dict[str, list[Stopped]] = defaultdict(list)

    @property
    def was_stopped(self) -> bool:
        """Whether a call or a cell had to be stopped, or ended Python."""
        return bool(self._left_out or self._stops)

    @property
    def cpu_seconds(self) -> float:
        """The processor time of the interpreter that runs, where that is told."""
        return self._runner.cpu_seconds() if self._runner else 0.0

    def ask(
        self, request: Request, answer: str, text: str, callback: AnswerCallback
    ) -> Reply:
        """Return the reply to a request about `answer`; `text` is what a reader sees.

        Raises:
            AnswerRaised: the notebook cannot be read or loaded, its time is up, or the
                interpreter had to be stopped.
        """
        __tracebackhide__ = True
        self.printed = ""
        while True:
            self._refuse_what_is_over(answer)
            runner = self._start(answer)
            try:
                return self._asked(runner, request, callback)
            except Stopped as stop:
                self._runner = None
                if not stop.cell:
                    self._stops[answer].append(stop)
                    raise stopped(text, stop) from None
                self._leave_out(stop.cell)  # one that ran only now, on demand
            finally:
                self.printed = runner.printed()

    def close(self) -> None:
        """End the interpreter; nothing of the learner's runs on."""
        if self._runner is not None:
            self._runner.kill()
            self._runner = None

    def _asked(
        self, runner: Runner, request: Request, callback: AnswerCallback | None = None
    ) -> Reply:
        runner.seconds_left = self._end - self._now()
        runner.bytes_left = min(self._bytes_left, runner.bytes_left)
        try:
            return runner.ask(request, callback)
        except SaidTooMuch:
            self._over = TOO_MUCH
            raise
        finally:
            self._bytes_left = runner.bytes_left

    def _refuse_what_is_over(self, answer: str) -> None:
        __tracebackhide__ = True
        if self._over:
            raise AnswerRaised(*self._over)
        if self._now() >= self._end:
            raise AnswerRaised(
                "TimedOut",
                f"the notebook as a whole ran for {SUBMISSION_SECONDS:g} seconds, and "
                f"{answer} is no longer tried",
            )
        stops = self._stops.get(answer, [])
        late = [stop for stop in stops if isinstance(stop, OutOfTime)]
        if len(late) >= MAX_STOPS or len(stops) >= MAX_DEATHS:
            raise given_up(answer, stops[-1])

    def _start(self, answer: str) -> Runner:
        """Load the submission, less cells that hang, unless it is loaded; return where.

        Raises:
            AnswerRaised: it cannot be loaded.
        """
        __tracebackhide__ = True
        while self._runner is None:
            self._refuse_what_is_over(answer)
            began, runner = self._now(), self._new_runner()
            if self._end == math.inf:
                self._end = began + runner.seconds_left
            try:
                load = Load(self._cells, self._forbidden, [*self._left_out])
                self._asked(runner, load)
                self._runner = runner
            except FrameTooLarge:
                runner.kill()
                self._over = TOO_LONG
            except Stopped as stop:
                if stop.cell:
                    self._leave_out(stop.cell)
                else:
                    self._over = not_loaded(stop)
        return self._runner

    def _leave_out(self, cell: str) -> None:
        self._left_out.append(cell)
        if len(self._left_out) > MAX_LEFT_OUT:
            self._over = TOO_MANY


def _told_apart(cells: Sequence[Cell]) -> list[tuple[str, str]]:
    """Return titles and sources; of cells with one title each but the first a number.

    It is by its title that a cell is left out.
    """
    seen: dict[str, int] = defaultdict(int)
    found = []
    for cell in cells:
        seen[cell.title] += 1
        number = seen[cell.title]
        title = cell.title if number == 1 else f"{cell.title} ({number})"
        found.append((title, cell.source))
    return found
