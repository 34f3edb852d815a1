"""A page keeps a script once, of figures and of predictions: the first serves all."""

import re
from typing import Any

from sphinx.application import Sphinx

_ONCE = [
    re.compile(
        rf"{style}<script>\(\(\) => {{\nif \(customElements\.get\('{element}'\)\).*?"
        "</script>",
        re.DOTALL,
    )
    for element, style in {
        "lr-figure": "",
        "lr-predict": "<style>[^<]*</style>",
    }.items()
]


def keep_first(
    app: Sphinx, page: str, template: str, context: dict[str, Any], _: Any
) -> None:
    """Take every copy of a script but the first out of a page's body."""
    body = context.get("body", "")
    for pattern in _ONCE:
        first = pattern.search(body)
        if first:
            body = body[: first.end()] + pattern.sub("", body[first.end() :])
    if body:
        context["body"] = body


def setup(app: Sphinx) -> dict[str, bool]:
    """Run when a page's body is written."""
    app.connect("html-page-context", keep_first)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
