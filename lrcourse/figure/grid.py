"""Recorded runs on a lattice: what was seen at each state of a few controls."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lrcourse.figure.controls import Choice, Stops
from lrcourse.figure.element import Figure
from lrcourse.figure.recorded.best import names_of_best, with_best
from lrcourse.figure.recorded.checks import (
    require_alive,
    require_fitting,
    require_known,
)
from lrcourse.figure.recorded.lattice import Lattice, Wanted, lattice
from lrcourse.figure.recorded.records import Results, records
from lrcourse.figure.recorded.sentence import Sentence, default, walked
from lrcourse.figure.recorded.told import told
from lrcourse.figure.recorded.views import Number, View


def grid_figure(
    results: Results,
    controls: Sequence[Stops | Choice],
    views: Sequence[View],
    *,
    start: Mapping[str, Any],
    says: str = "",
    lost: str = "beyond all bounds",
    marks: Mapping[str, Mapping[str, Any]] | None = None,
    title: str = "",
    name: str = "",
    question: str = "",
) -> Figure:
    """Show what was recorded at each state of `controls`, in one to four `views`.

    `results` map a value of each control, in their order, to what was recorded there by
    name: numbers, texts, series of one length. Or they are a table with a column for
    each control and result, and a row for each state, or for each point of a series.

    `says` is the sentence of a state: ``"At {lr} it ends at {loss}."``, with the keys
    of controls and the names of results; what is not finite is `lost` there. A control
    that changes nothing in a state is switched off there, with a word.

    Raises:
        ValueError: a state without a record, a result of another length in one, a view
            or a sentence that asks for what is not there, or a control that changes
            nothing at all.
    """
    require_known(controls, views)
    grid = _Grid(controls, views, says or default(controls, views), lost)
    recorded = grid.recorded(results)
    data = {
        "results": recorded.stored,
        "views": [told(view, recorded, controls) for view in views],
        "walks": walked(views),
        "says": grid.says,
        "lost": lost,
    }
    return Figure(
        "grid",
        controls,
        data,
        start,
        lambda state: grid.sentence(grid.says).at(state, recorded),
        marks or {},
        name,
        question,
        title or "; ".join(view.title for view in views),
    )


@dataclass(frozen=True)
class _Grid:
    controls: Sequence[Stops | Choice]
    views: Sequence[View]
    says: str
    lost: str

    def sentence(self, words: str) -> Sentence:
        """Return words of the author's that can be filled with a state."""
        return Sentence(words, self.controls, walked(self.views), self.lost)

    def recorded(self, results: Results) -> Lattice:
        """Return all that the views draw and the sentences say, at every state."""
        walking = walked(self.views).values()
        listed = [each for each in self.controls if each.key not in walking]
        found = with_best(records(results, listed), listed, self.views)
        recorded = lattice(found, listed, self.wanted)
        require_fitting(self.views, recorded, self.controls)
        require_alive(self.views, recorded)
        return recorded

    @property
    def wanted(self) -> Wanted:
        """All that views and sentences read."""
        words = [view.words for view in self.views if isinstance(view, Number)]
        said = [
            name for text in (self.says, *words) for name in self.sentence(text).ends
        ]
        bests = [name for view in self.views for name in names_of_best(view)]
        each = [view.wanted for view in self.views]
        return Wanted(
            ends=[*(name for one in each for name in one.ends), *bests, *said],
            lists=[name for one in each for name in one.lists],
            series=[name for one in each for name in one.series],
            logs=[name for one in each for name in one.logs],
        )
