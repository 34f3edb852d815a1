"""One submission, loaded where it can be asked: the interpreter, its clock, retries.

A cell that hangs or ends Python is left out in the next interpreter, and an answer that
had to be stopped twice is not tried a third time.
"""

from collections import Counter
from collections.abc import Callable, Sequence

from lrcourse.grading.answers.errors import AnswerRaised, stopped
from lrcourse.grading.notebook import Cell
from lrcourse.grading.sandbox.host.interpreter import (
    SUBMISSION_SECONDS,
    Runner,
    Stopped,
)
from lrcourse.grading.sandbox.messages import AnswerCallback, Load, Reply, Request

MAX_STOPS = 2


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
    ) -> None:
        self.printed = ""
        self._cells = [(cell.title, cell.source) for cell in cells]
        self._forbidden = forbidden
        self._new_runner = new_runner
        self._unreadable = unreadable
        self._runner: Runner | None = None
        self._seconds_left: float | None = None
        self._skipped: list[str] = []
        self._stops: Counter[str] = Counter()

    def ask(
        self, request: Request, answer: str, text: str, callback: AnswerCallback
    ) -> Reply:
        """Return the reply to a request about `answer`; `text` is what a reader sees.

        Raises:
            AnswerRaised: the notebook cannot be read, its time is up, or the
                interpreter had to be stopped.
        """
        __tracebackhide__ = True
        self.printed = ""
        while True:
            self._refuse_what_is_over(answer)
            runner = self._start()
            try:
                return runner.ask(request, callback)
            except Stopped as stop:
                self._runner = None
                if not stop.cell:
                    self._stops[answer] += 1
                    raise stopped(text, stop) from None
                self._skipped.append(stop.cell)  # a cell that ran only now, on demand
            finally:
                self._seconds_left = runner.seconds_left
                self.printed = runner.printed()

    def close(self) -> None:
        """End the interpreter; nothing of the learner's runs on."""
        if self._runner is not None:
            self._runner.kill()
            self._runner = None

    def _refuse_what_is_over(self, answer: str) -> None:
        __tracebackhide__ = True
        if self._unreadable:
            raise AnswerRaised("Unreadable", self._unreadable)
        if self._stops[answer] >= MAX_STOPS:
            raise AnswerRaised(
                "TimedOut",
                f"{answer} was stopped {MAX_STOPS} times and is not tried again",
            )
        if self._seconds_left is not None and self._seconds_left <= 0:
            raise AnswerRaised(
                "TimedOut",
                f"the notebook as a whole ran for {SUBMISSION_SECONDS:g} seconds, and "
                f"{answer} is no longer tried",
            )

    def _start(self) -> Runner:
        """Load the submission, less cells that hang, unless it is loaded; return where.

        Raises:
            Stopped: loading ended the interpreter, and no cell is to blame.
        """
        while self._runner is None:
            runner = self._new_runner()
            if self._seconds_left is not None:
                runner.seconds_left = self._seconds_left
            try:
                runner.ask(Load(self._cells, self._forbidden, [*self._skipped]))
                self._runner = runner
            except Stopped as stop:
                self._seconds_left = runner.seconds_left
                if not stop.cell:
                    raise
                self._skipped.append(stop.cell)
        return self._runner
