"""A question with two to four options, and its answer, computed by the chapter."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lrcourse.prediction.element import answer_html, question_html

FEWEST, MOST = 2, 4  # options
_NAME = re.compile(r"[a-z][a-z0-9_-]*")


@dataclass(frozen=True)
class Question:
    """What `predict` shows: a question and its options, without the answer."""

    name: str
    question: str
    options: tuple[str, ...]

    def __repr__(self) -> str:
        return f"predict: {self.name} ({len(self.options)} options)"

    def _repr_html_(self) -> str:
        return question_html(self.name, self.question, self.options)


@dataclass(frozen=True)
class Answer:
    """What `settle` shows: which option is right, and the reason for each."""

    asked: Question
    right: str
    reasons: Mapping[str, str]

    def __repr__(self) -> str:
        return f"settle: {self.asked.name}: {self.right}"

    def _repr_html_(self) -> str:
        name, question = self.asked.name, self.asked.question
        return answer_html(name, question, self.right, self.reasons)


# The questions of this kernel, with the cell that asked. A notebook's two cells know of
# each other by name alone, and may be a page apart: what the first asked has to be kept
# somewhere, and a chapter should not hand a variable from one to the other.
_asked: dict[str, tuple[Question, str]] = {}


def predict(name: str, question: str, options: Sequence[str]) -> Question:
    """Ask a reader to commit to one of two to four options.

    Stands before the cell that answers it, as a cell's last line; `settle` with the
    same `name` stands after that. Question, options and reasons are plain text, in
    which a pair of backticks marks code and a pair of dollar signs a formula in TeX.
    Nothing else is read as a mark.

    Raises:
        TypeError: the question or an option is no text.
        ValueError: a bad name, an empty question, fewer than two or more than four
            options, an empty one or one twice, or a name that asks something else in
            another cell.
    """
    _require_name(name)
    _require_text(name, question, "the question")
    _require_options(name, options)
    asked, cell = Question(name, question, tuple(options)), _cell()
    before, place = _asked.get(name, (asked, cell))
    if before != asked and not (cell and cell == place):  # an edit of the same cell
        raise ValueError(
            f"predict: {name!r} asks {before.question!r} already: choose another name, "
            "or restart the kernel if it is the same cell"
        )
    _asked[name] = asked, cell
    return asked


def settle(name: str, answers: Mapping[str, tuple[bool, str]]) -> Answer:
    """Answer the question `name`: for each option whether it is true, and the reason.

    The truths are comparisons of what the chapter computed, never typed; exactly one is
    true. A reason is a whole sentence that says why its option is right or wrong, with
    the number where there is one. Marks are those of `predict`.

    Raises:
        TypeError: a truth is no bool (NumPy's counts as one), a reason no text, or an
            option has no such pair.
        ValueError: no such question was asked, the options are not its options, not
            exactly one is true, or a reason is empty.
    """
    if name not in _asked:
        known = ", ".join(map(repr, _asked)) or "none"
        raise ValueError(
            f"settle: no predict asked {name!r} before (asked: {known}): run the cell "
            "that asks it, or correct the name"
        )
    asked, _ = _asked[name]
    if {*answers} != {*asked.options}:
        raise ValueError(
            f"settle: the options of {name!r} are {[*asked.options]!r}, "
            f"got {[*answers]!r}: write them alike in both cells"
        )
    truths = {option: _truth(name, option, answers[option]) for option in asked.options}
    right = [option for option, truth in truths.items() if truth]
    if len(right) != 1:
        raise ValueError(
            f"settle: exactly one option of {name!r} must be true, got "
            f"{len(right)}: {right!r}: let the conditions exclude each other and "
            "leave no gap"
        )
    reasons = {option: _sentence(answers[option][1]) for option in asked.options}
    return Answer(asked, right[0], reasons)


def _require_name(name: object) -> None:
    if not (isinstance(name, str) and _NAME.fullmatch(name)):
        raise ValueError(
            "predict: name must be small letters, digits, hyphens and underscores, as "
            f"in 'wrong-sign', got {name!r}"
        )


def _require_options(name: str, options: Sequence[object]) -> None:
    if isinstance(options, str) or not FEWEST <= len(options) <= MOST:
        raise ValueError(
            f"predict: {name!r} needs a list of {FEWEST} to {MOST} options, "
            f"got {options!r}"
        )
    for option in options:
        _require_text(name, option, "an option")
    if len({*options}) < len(options):
        raise ValueError(f"predict: {name!r} has an option twice, in {options!r}")


def _truth(name: str, option: str, answer: object) -> bool:
    """Return whether an option is true, once its pair of truth and reason is one."""
    if not (isinstance(answer, tuple | list) and len(answer) == 2):
        raise TypeError(
            f"settle: {name!r}, {option!r} needs a pair (truth, reason), got {answer!r}"
        )
    truth, reason = answer
    kind = type(truth)
    of_numpy = kind.__module__ == "numpy" and kind.__name__ in ("bool", "bool_")
    if not (isinstance(truth, bool) or of_numpy):
        raise TypeError(
            f"settle: {name!r}, {option!r}: whether it is true must be a bool, as a "
            f"comparison gives it, got {truth!r}"
        )
    _require_text(name, reason, f"the reason of {option!r}", "settle")
    return bool(truth)


def _require_text(name: str, text: object, what: str, who: str = "predict") -> None:
    if not isinstance(text, str):
        raise TypeError(f"{who}: {name!r}: {what} must be text, got {text!r}")
    if not text.strip():
        raise ValueError(f"{who}: {name!r}: {what} is empty: write it out")


def _sentence(reason: str) -> str:
    """Begin a reason with a capital, unless it begins with a symbol or a mark."""
    first = re.match(r"[a-z]{2,}\b|a ", reason)
    return reason[0].upper() + reason[1:] if first else reason


def _cell() -> str:
    """Return the id of the cell that is running, where the kernel knows it."""
    # here, because elsewhere than in a notebook nobody needs it
    from IPython import get_ipython

    shell = get_ipython()
    if not hasattr(shell, "get_parent"):
        return ""
    return str(shell.get_parent().get("metadata", {}).get("cellId", ""))
