"""An answer's reference, whole or with a blank, and its discussion, as HTML."""

from collections.abc import Mapping
from html import escape

BLANK = "____"  # as the checking process writes it: its rooms are not loaded here


def discussion_html(solution: Mapping[str, str]) -> str:
    """Return what `solution_of` gave as HTML; HTML in its Markdown stays text."""
    from markdown_it import MarkdownIt  # here: most cards are of unsolved answers

    source = f"<pre><code>{escape(solution['source'])}</code></pre>"
    renderer = MarkdownIt("commonmark", {"html": False})
    return source + str(renderer.render(solution["discussion"]))


def blank_html(solution: Mapping[str, str]) -> str:
    """Return the reference with one line left to the learner, which is marked."""
    lines = [escape(line) for line in solution["blank"].splitlines()]
    code = "\n".join(map(_marked, lines))
    return f"<pre><code>{code}</code></pre>"


def _marked(line: str) -> str:
    text = line.lstrip()
    indent = line[: len(line) - len(text)]
    return f"{indent}<mark>{text}</mark>" if BLANK in text else line
