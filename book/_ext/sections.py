"""The book's search: every section, term and source, as one script beside the pages.

A script and not a file to be fetched, so that it works from a folder too, excerpts and
all. Code is left out: who searches a word wants where it is explained.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx

FILE = "searchsections.js"
_LEFT_OUT = (nodes.raw, nodes.literal_block, nodes.math_block, nodes.comment)
Entry = tuple[str, str, str, str]  # kind, anchor, title, text


def write(app: Sphinx, error: Exception | None) -> None:
    """Write all pages' entries once the book is built, from what was read of them."""
    if error is not None or app.builder.name != "html":
        return
    pages = []
    for page in sorted(app.env.found_docs & set(app.env.titles)):
        address = app.builder.get_target_uri(page)
        title = app.env.titles[page].astext()
        pages.append([address, title, list(entries(app.env.get_doctree(page)))])
    text = json.dumps(pages, ensure_ascii=False, separators=(",", ":"))
    Path(app.outdir, FILE).write_text(f"window.bookSections={text};", encoding="utf-8")


def entries(doctree: nodes.document) -> Iterator[Entry]:
    """Yield sections with the text that is theirs alone, terms and sources."""
    for section in doctree.findall(nodes.section):
        title = section.children[0]
        if not isinstance(title, nodes.title):  # an exercise's or a solution's inside
            continue
        own = (node for node in section.children if not _is_apart(node))
        text = " ".join(_text(node) for node in own)
        yield "section", section["ids"][0], title.astext(), _flat(text)
    for item in doctree.findall(nodes.definition_list_item):
        terms = [term for term in item.children if isinstance(term, nodes.term)]
        if terms and terms[0]["ids"]:
            names = " · ".join(term.astext() for term in terms)
            text = _text(item.children[-1])
            yield "term", terms[0]["ids"][0], names, _flat(text)
    for place in doctree.findall(nodes.figure):
        if place["ids"] and (caption := place.next_node(nodes.caption)):
            yield "figure", place["ids"][-1], _flat(_text(caption)), ""


def setup(app: Sphinx) -> dict[str, bool]:
    """Run when the book is built."""
    app.connect("build-finished", write)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _is_apart(node: nodes.Node) -> bool:
    """Say whether a child of a section has an entry of its own, or is its heading."""
    return isinstance(node, nodes.section | nodes.title | addnodes.glossary)


def _text(node: nodes.Node) -> str:
    """Return the prose below a node: no code, no outputs, no displayed formulas."""
    if isinstance(node, nodes.Text):
        return node.astext()
    if isinstance(node, _LEFT_OUT) or not isinstance(node, nodes.Element):
        return ""
    if isinstance(node, nodes.container) and node.get("nb_element") == "cell_code":
        figures = node.findall(nodes.caption)
        return " ".join(caption.astext() for caption in figures)
    if isinstance(node, addnodes.pending_xref) and node.get("refdomain") == "cite":
        return ""
    if isinstance(node, nodes.math):
        return node.astext().replace("\\", "")
    gap = "" if isinstance(node, nodes.TextElement) else " "
    return gap.join(_text(child) for child in node.children)


def _flat(text: str) -> str:
    return " ".join(text.split())
