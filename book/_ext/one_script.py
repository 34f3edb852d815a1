"""A page keeps the figures' script once: the first one serves all."""

import re
from typing import Any

from sphinx.application import Sphinx

_SCRIPT = re.compile(
    r"<script>\(\(\) => \{\nif \(customElements\.get\('lr-figure'\)\).*?</script>",
    re.DOTALL,
)


def keep_first(
    app: Sphinx, page: str, template: str, context: dict[str, Any], _: Any
) -> None:
    """Take every copy of the script but the first out of a page's body."""
    body = context.get("body", "")
    first = _SCRIPT.search(body)
    if first:
        rest = _SCRIPT.sub("", body[first.end() :])
        context["body"] = body[: first.end()] + rest


def setup(app: Sphinx) -> dict[str, bool]:
    """Run when a page's body is written."""
    app.connect("html-page-context", keep_first)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
