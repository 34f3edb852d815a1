"""What `ask` shows: a question from an earlier chapter, and how to answer it."""

from collections.abc import Mapping

from lrcourse.grading.entrances.landing import Landing
from lrcourse.grading.entrances.look import framed, worded


class QuestionCard:
    """Question `number` as it was `drawn`, with the `link` to its chapter's heading."""

    def __init__(self, number: int, drawn: Mapping[str, str], link: Landing) -> None:
        self.number = number
        self.drawn = drawn
        self.link = link

    def __repr__(self) -> str:
        return f"{self._head}: {self.drawn['question']}\n{self._how}"

    def _repr_html_(self) -> str:
        heading = self.drawn["heading"]
        return framed(
            "idle",
            f"<div><b>Question {self.number}</b> · chapter {self._chapter}, "
            f"{self.link.link(heading)}</div>"
            f"<p>{worded(self.drawn['question'])}</p>"
            f"<p><small>{worded(self._how)}</small></p>",
        )

    @property
    def _chapter(self) -> int:
        return int(self.drawn["chapter"][:2])

    @property
    def _head(self) -> str:
        where = f"chapter {self._chapter}, {self.drawn['heading']}"
        return f"Question {self.number} ({where})"

    @property
    def _how(self) -> str:
        return (
            f"Answer below with `return {self.number}, …`, the value "
            f"{self.drawn['form']}. Run this cell again for other numbers."
        )
