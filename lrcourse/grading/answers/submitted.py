"""A submission's answers as the checks meet them: by attribute, callable, recorded."""

from collections.abc import Callable, Sequence

from lrcourse.grading.answers.recorder import RecordedCall, Recorder
from lrcourse.grading.answers.session import Session
from lrcourse.grading.answers.stand_in import StandIn
from lrcourse.grading.notebook import Cell, python_source
from lrcourse.grading.sandbox.host.interpreter import Runner


class Answers:
    """One submission's functions and classes: ``answers.cosine_lr``."""

    def __init__(
        self,
        cells: Sequence[Cell],
        forbidden: Sequence[str],
        new_runner: Callable[[], Runner],
        unreadable: str = "",
    ) -> None:
        self._sources = [cell.source for cell in cells]
        self._session = Session(cells, forbidden, new_runner, unreadable)
        self.recorder = Recorder(self._session)

    def __getattr__(self, name: str) -> StandIn:
        if name.startswith("_"):
            raise AttributeError(name)
        return self.recorder.stand_in(name)

    @property
    def sources(self) -> list[str]:
        """The cells as plain Python, in order."""
        return [python_source(source) for source in self._sources]

    @property
    def calls(self) -> list[RecordedCall]:
        """All calls so far."""
        return self.recorder.calls

    @property
    def was_stopped(self) -> bool:
        """Whether a call or a cell had to be stopped, or ended Python."""
        return self._session.was_stopped

    @property
    def cpu_seconds(self) -> float:
        """The processor time of the interpreter that runs, where that is told."""
        return self._session.cpu_seconds

    def close(self) -> None:
        """End the interpreter; nothing of the learner's runs on."""
        self._session.close()
