"""A solved answer's reference and its discussion, as HTML."""

from collections.abc import Mapping
from html import escape


def discussion_html(solution: Mapping[str, str]) -> str:
    """Return what `solution_of` gave as HTML; HTML in its Markdown stays text."""
    from markdown_it import MarkdownIt  # here: most cards are of unsolved answers

    source = f"<pre><code>{escape(solution['source'])}</code></pre>"
    renderer = MarkdownIt("commonmark", {"html": False})
    return source + str(renderer.render(solution["discussion"]))
