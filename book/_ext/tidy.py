"""What Sphinx and the theme write, put right for readers who listen.

A bibliography's roles contradict each other, an empty heading of a table's column is no
heading, one that is a formula has no text, and a button that downloads a notebook says
what it gives.
"""

import re
from typing import Any

from sphinx.application import Sphinx

_REPLACED = (
    (r'<div role="list" class="citation-list">', '<div class="citation-list">'),
    (r'(<div class="citation" id="[^"]*") role="doc-biblioentry">', r"\1>"),
    (
        r'(<th[^>]*><p><span class="math[^"]*")>'
        r"(\\\(\\?([^<]*?)\\\)</span>)(</p></th>)",
        r'\1 aria-hidden="true">\2<span class="spoken">\3</span>\4',
    ),
    (r"<th(?: class=\"[^\"]*\")?>(?:<p></p>)?\s*</th>", "<td></td>"),
)
_BUTTONS = {
    "Download source file": "This chapter as a notebook; its code needs the course",
    "Print to PDF": "Print, or save as PDF",
}


def put_right(
    app: Sphinx, page: str, template: str, context: dict[str, Any], _: Any
) -> None:
    """Rewrite a page's body and the texts of its buttons."""
    body = context.get("body", "")
    for pattern, text in _REPLACED:
        body = re.sub(pattern, text, body)
    context["body"] = body
    for button in context.get("header_buttons", []):
        for each in (button, *button.get("buttons", [])):
            tooltip = each.get("tooltip")
            each["tooltip"] = _BUTTONS.get(tooltip, tooltip)


def setup(app: Sphinx) -> dict[str, bool]:
    """Run after the theme has made its buttons."""
    app.connect("html-page-context", put_right, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
