"""What a figure of recorded runs can draw of them: one class a kind of view.

Each names results; the figure shows them at the state that is set. A `title` says what
is measured, in a few words that stand by themselves ("train loss", not "loss").
Where a view takes a number and the result is a series, it takes the last value.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Literal, TypeAlias

from lrcourse.figure.recorded.lattice import Wanted

Range: TypeAlias = tuple[float, float]
Extreme: TypeAlias = Literal["max", "min"]
MOST_LINES = 4  # as many colours as mean one thing each


@dataclass(frozen=True)
class Curves:
    """Series over `x`, up to four: by the name of a result, or by label.

    `x` is a result, too, or the numbers themselves. Behind them stand, pale, the first
    of them at the other values of the control `behind`. `at` is a control that walks
    along them, its values being `x`; a sentence says them there. `dots` is a result
    that is a number where a dot belongs. `levels` are named lines across. The first
    line has the `color` of that number, of four. `range` and `reach` say from where to
    where the axes go, if not over all there is.
    """

    title: str
    of: str | Mapping[str, str]
    x: str | Sequence[float] = ()
    xlabel: str = ""
    behind: str = ""
    at: str = ""
    dots: str = ""
    color: int = 1
    log: bool = False
    range: Range | None = None
    reach: Range | None = None
    levels: Mapping[str, float] = field(default_factory=dict)
    kind: ClassVar[str] = "curves"

    @property
    def lines(self) -> dict[str, str]:
        """Each line's result by its label.

        Raises:
            ValueError: there are none, or more than `MOST_LINES`.
        """
        return _by_label(self.title, self.of)

    @property
    def wanted(self) -> Wanted:
        """The results that are drawn, by how much of each."""
        x = [self.x] if isinstance(self.x, str) else []
        dots = [self.dots] if self.dots else []
        drawn = [*self.lines.values(), *dots]
        return Wanted(series=[*x, *drawn], logs=drawn if self.log else [])

    @property
    def axes(self) -> tuple[str, ...]:
        """The controls whose values lie along it, instead of being set."""
        return (self.at,) if self.at else ()


@dataclass(frozen=True)
class Across:
    """Numbers against the values of the control `along`, up to four lines.

    Pale lines stand for the other values of the control `behind`. `best` rings the
    largest or the smallest number of the first line; a sentence may say it and its
    place: of the result ``loss`` along ``lr``, ``{best loss}`` and ``{best lr}``.
    """

    title: str
    of: str | Mapping[str, str]
    along: str
    behind: str = ""
    best: Extreme | None = None
    log: bool = False
    range: Range | None = None
    levels: Mapping[str, float] = field(default_factory=dict)
    kind: ClassVar[str] = "across"

    @property
    def lines(self) -> dict[str, str]:
        """Each line's result by its label.

        Raises:
            ValueError: there are none, or more than `MOST_LINES`.
        """
        return _by_label(self.title, self.of)

    @property
    def wanted(self) -> Wanted:
        return Wanted(ends=self.lines.values())

    @property
    def axes(self) -> tuple[str, ...]:
        return (self.along,)


@dataclass(frozen=True)
class Map:
    """A number over the controls `x` and `y`, as colours, with a cursor at the state.

    What is not finite is hatched, and called `lost`. `best` marks the largest or the
    smallest, whose colour is the strongest, and can be said as that of `Across`. Where
    the result `same` is what it is at the cursor, up to the share `within`, a cell gets
    a dot: cells of one sum, or on one line.
    """

    title: str
    of: str
    x: str
    y: str
    best: Extreme | None = None
    same: str = ""
    within: float = 0.01
    lost: str = "lost"
    log: bool = False
    range: Range | None = None
    kind: ClassVar[str] = "map"

    @property
    def wanted(self) -> Wanted:
        return Wanted(ends=[self.of, *([self.same] if self.same else [])])

    @property
    def axes(self) -> tuple[str, ...]:
        return (self.x, self.y)


@dataclass(frozen=True)
class Points:
    """Two numbers against each other: a point a state of the sliders.

    The one that is set is large; those where the result `same` is what it is there, up
    to the share `within`, are drawn strong.
    """

    title: str
    x: str
    y: str
    xlabel: str
    same: str = ""
    within: float = 0.01
    logx: bool = False
    log: bool = False
    levels: Mapping[str, float] = field(default_factory=dict)
    range: Range | None = None
    kind: ClassVar[str] = "points"

    @property
    def wanted(self) -> Wanted:
        return Wanted(ends=[self.x, self.y, *([self.same] if self.same else [])])

    @property
    def axes(self) -> tuple[str, ...]:
        return ()


@dataclass(frozen=True)
class Rows:
    """A list of numbers with a name each, as bars from `base`; or as dots, with ends.

    `low` and `high` are the lists of an interval's ends; `order` puts the largest or
    the smallest on top. `highlight` is the result that names a row to show in the
    second colour.
    """

    title: str
    of: str
    names: Sequence[str]
    low: str = ""
    high: str = ""
    order: Extreme | None = None
    highlight: str = ""
    log: bool = False
    range: Range | None = None
    levels: Mapping[str, float] = field(default_factory=dict)
    kind: ClassVar[str] = "rows"

    @property
    def wanted(self) -> Wanted:
        lists = [name for name in (self.of, self.low, self.high) if name]
        return Wanted(lists=lists, ends=[self.highlight] if self.highlight else [])

    @property
    def axes(self) -> tuple[str, ...]:
        return ()


@dataclass(frozen=True)
class Histogram:
    """Counts or shares over the middles `x` of their bins, all of one width.

    The result or the numbers `over` are a curve above them on a scale of its own, such
    as the loss where the weights are.
    """

    title: str
    of: str
    x: str | Sequence[float]
    xlabel: str = ""
    over: Sequence[float] = ()
    over_name: str = ""
    range: Range | None = None
    kind: ClassVar[str] = "histogram"

    @property
    def wanted(self) -> Wanted:
        return Wanted(series=[self.of, *([self.x] if isinstance(self.x, str) else [])])

    @property
    def axes(self) -> tuple[str, ...]:
        return ()


@dataclass(frozen=True)
class Number:
    """One number, large, with `words` below it, in which results may stand."""

    title: str
    of: str
    words: str = ""
    kind: ClassVar[str] = "number"

    @property
    def wanted(self) -> Wanted:
        return Wanted(ends=[self.of])

    @property
    def axes(self) -> tuple[str, ...]:
        return ()


View: TypeAlias = Curves | Across | Map | Points | Rows | Histogram | Number


def _by_label(title: str, of: str | Mapping[str, str]) -> dict[str, str]:
    lines = {of: of} if isinstance(of, str) else dict(of)
    if not 1 <= len(lines) <= MOST_LINES:
        raise ValueError(
            f"{title!r} must draw 1 to {MOST_LINES} lines, got {len(lines)}"
        )
    return lines
