"""Verdicts as pills: emphasised words at the head of a verdict, in an articles' box.

``*Half true:*`` in an admonition of the class ``articles`` gets the classes ``verdict``
and ``verdict-half``. The word stays written: its colour only repeats it.
"""

import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

WORDS = {
    "half": ("Half true", "Half right", "Half false", "Half wrong"),
    "true": ("True", "Correct", "Right"),
    "false": ("False", "Wrong"),
    "open": ("Not shown", "Not tested", "Open"),
}


def verdict_of(text: str) -> str | None:
    """Return which verdict emphasised words give, if any."""
    for kind, words in WORDS.items():
        if re.match(rf"({'|'.join(words)})\b", text):
            return kind
    return None


class Verdicts(SphinxTransform):
    """Mark the verdicts of every articles' box on a page."""

    default_priority = 700

    def apply(self, **kwargs: Any) -> None:
        for box in self.document.findall(nodes.admonition):
            if "articles" not in box["classes"]:
                continue
            for words in box.findall(nodes.emphasis):
                if kind := verdict_of(words.astext()):
                    words["classes"] += ["verdict", f"verdict-{kind}"]


def setup(app: Sphinx) -> dict[str, bool]:
    """Run when a page has been read."""
    app.add_transform(Verdicts)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
