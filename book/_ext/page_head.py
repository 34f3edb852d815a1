"""A page's head: its title, and a description from its first paragraph."""

from html import escape
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

_SUBTITLE = "what they do, how to let them fall, which claims hold"
_LONGEST = 160  # characters that search engines show


def complete(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any
) -> None:
    """Give the front page another second half of its title; describe every page."""
    context["book_title"] = app.config.html_title
    if page == app.config.root_doc:
        context["docstitle"] = _SUBTITLE
        context["body"] = f'<div class="front">{context["body"]}</div>'
    if doctree is not None and (text := first_paragraph(doctree)):
        tag = f'<meta name="description" content="{escape(shortened(text))}" />'
        context["metatags"] = context.get("metatags", "") + tag


def first_paragraph(doctree: nodes.document) -> str:
    """Return the first text that stands in a section itself, on one line."""
    for paragraph in doctree.findall(nodes.paragraph):
        if isinstance(paragraph.parent, nodes.section):
            return " ".join(paragraph.astext().split())
    return ""


def shortened(text: str) -> str:
    """Cut at the last word that fits."""
    if len(text) <= _LONGEST:
        return text
    return text[:_LONGEST].rpartition(" ")[0].rstrip(",;:") + " …"


def setup(app: Sphinx) -> dict[str, bool]:
    """Run when a page is written."""
    app.connect("html-page-context", complete)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
