"""Figures, tables and exercises count within their chapter: Figure 6.2.

The chapter's number is that of its file, ``06_decay_formulas``: chapters may be
missing. An interactive figure becomes a figure as well, with a number and a caption.
"""

import re
from html import unescape
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms import SphinxTransform

_TITLE = re.compile(r'aria-label="Interactive figure: (.*?)\. To set: ')
_NAME = re.compile(r'"name":"([a-z][a-z0-9-]*)"')


def chapter_of(page: str) -> tuple[int | str, ...]:
    """Return what stands before the number of a figure on `page`.

    >>> chapter_of("book/06_decay_formulas"), chapter_of("book/intro")
    ((6,), ())
    """
    name = page.rpartition("/")[2]
    if name == "intro":
        return ()
    found = re.match(r"(\d+)_", name)
    return (int(found[1]),) if found else ("A",)


def renumber(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Count from 1 on every page, with the chapter before it."""
    for page, kinds in env.toc_fignumbers.items():
        for numbers in kinds.values():
            in_order = sorted(numbers, key=numbers.__getitem__)
            for count, name in enumerate(in_order, 1):
                numbers[name] = (*chapter_of(page), count)  # type: ignore[assignment]
    return []


class InteractiveFigures(SphinxTransform):
    """Wrap every ``<lr-figure>`` in a figure; ``interactive-NAME`` is its name."""

    default_priority = 700

    def apply(self, **kwargs: Any) -> None:
        for raw in list(self.document.findall(nodes.raw)):
            if found := _TITLE.search(raw.astext()):
                self._wrap(_output_of(raw), found[1], raw.astext())

    def _wrap(self, output: nodes.Element, title: str, html: str) -> None:
        if isinstance(output.parent, nodes.figure):
            output.parent["classes"].append("interactive")
            return
        figure = nodes.figure(classes=["interactive"])
        name = _NAME.search(html)
        number = self.env.new_serialno("interactive")
        figure["names"] = [f"interactive-{name[1] if name else number}"]
        self.document.note_explicit_target(figure, figure)
        output.replace_self(figure)
        caption = nodes.caption("", "Interactive: " + unescape(title) + ".")
        figure.extend([output, caption])


def setup(app: Sphinx) -> dict[str, bool]:
    """Run when a page has been read, and after Sphinx has given its numbers."""
    app.add_transform(InteractiveFigures)
    app.connect("env-get-updated", renumber, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _output_of(raw: nodes.Element) -> nodes.Element:
    """Return the whole output that `raw` is one form of, where it has others."""
    node: nodes.Node = raw
    while node.parent is not None:
        if (
            isinstance(node, nodes.container)
            and node.get("nb_element") == "mime_bundle"
        ):
            return node
        node = node.parent
    return raw
