"""The whole book as one PDF: its built pages on one, printed by Chromium.

``python -m lrcourse.authoring.pdf`` writes ``_build/learning-rates.pdf`` from the pages
that ``make book`` has built.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from lrcourse.authoring import toc

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
BUILT = Path("_build/html")
PDF = Path("_build/learning-rates.pdf")
PATIENCE = 120_000  # milliseconds of the page's own clock, for formulas and figures

_ARTICLE = re.compile(r'<article class="bd-article">.*?</article>', re.DOTALL)
_MAIN = re.compile(r"<body.*?<article.*</body>", re.DOTALL)
_ID = re.compile(r'(?<= id=")([^"]+)(?=")')
_TITLE = re.compile(r"<h1[^>]*>(.*?)</h1>", re.DOTALL)
_SECTION = re.compile(r'<section id="([^"]+)">\s*<h2[^>]*>(.*?)</h2>', re.DOTALL)
_MARK = re.compile(r'<a class="headerlink".*?</a>', re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
_LINK = re.compile(r'(?<= href=")([\w-]+\.html)?(?:#([^"]*))?(?=")')


def browser() -> str:
    """Return the path of a Chromium.

    Raises:
        ValueError: there is none.
    """
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        names = ", ".join(BROWSERS)
        raise ValueError(
            f"the PDF is printed by Chromium, and none is found (looked for {names}): "
            "install it, or print chapters from your own browser"
        )
    return found


def joined(pages: Sequence[Path]) -> str:
    """Return the articles of built pages of one folder as one page of HTML.

    Their contents stand in front, with the sections of each. Links between them lead to
    places on it: each page's ids get its name in front.

    Raises:
        ValueError: a page is not built.
    """
    for page in pages:
        if not page.is_file():
            raise ValueError(f"no {page}: run make book first")
    texts = [page.read_text(encoding="utf-8") for page in pages]
    names = {page.name for page in pages}
    articles = [
        _renamed(_ARTICLE.findall(text)[0], page, names)
        for text, page in zip(texts, pages, strict=True)
    ]
    content = '<div class="bd-main"><div class="bd-content">{}</div></div>'
    body = (
        f"<body>{content.format(_contents(pages, articles) + ''.join(articles))}</body>"
    )
    return _MAIN.sub(lambda _: body, texts[0])


def print_page(program: str, page: Path, pdf: Path) -> None:
    """Print an HTML file to `pdf`.

    Raises:
        ValueError: the browser wrote no file; the error is its last line.
    """
    pdf.unlink(missing_ok=True)
    flags = ["--headless", "--disable-gpu", "--no-pdf-header-footer"]
    flags.append("--generate-pdf-document-outline")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        flags.append("--no-sandbox")  # Chromium refuses to run as root with one
    flags += [f"--virtual-time-budget={PATIENCE}", f"--print-to-pdf={pdf}"]
    command = [program, *flags, page.resolve().as_uri()]
    done = subprocess.run(command, capture_output=True, text=True)
    if not pdf.is_file():
        said = done.stderr.strip().splitlines()
        raise ValueError(f"{program} printed nothing: {said[-1] if said else ''}")


def main() -> int:
    """Join the built pages, and print them."""
    try:
        program = browser()
        pages = [BUILT / f"{page}.html" for page in toc.pages()]
        whole = pages[0].with_name("whole-book.html")
        whole.write_text(joined(pages), encoding="utf-8")
        try:
            print_page(program, whole, PDF)
        finally:
            whole.unlink()
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"Open {PDF}")
    return 0


def _contents(pages: Sequence[Path], articles: Sequence[str]) -> str:
    """Return the list of the pages and their sections, linked, on a sheet of its own.

    Chromium tells no page the numbers of its sheets; its outline has the same links.
    """
    items = []
    for page, article in zip(pages, articles, strict=True):
        title, *_ = *(_said(each) for each in _TITLE.findall(article)), page.stem
        sections = "".join(
            f'<li><a href="#{place}">{_said(heading)}</a></li>'
            for place, heading in _SECTION.findall(article)
        )
        inner = f"<ul>{sections}</ul>" if sections else ""
        items.append(f'<li><a href="#{page.stem}">{title}</a>{inner}</li>')
    style = "break-after: page; columns: 2; list-style: none; padding: 0"
    small = "<style>.front ul { font-size: .8em; list-style: none; }</style>"
    listed = f'<ul style="{style}">{"".join(items)}</ul>'
    return f'{small}<nav class="front"><h1>Contents</h1>{listed}</nav>'


def _said(heading: str) -> str:
    """Return a heading without the mark that links to it, and without other tags."""
    return _TAG.sub("", _MARK.sub("", heading)).strip()


def _renamed(article: str, page: Path, names: set[str]) -> str:
    """Put the page's name before ids and before links to what is on the whole page."""

    def link(found: re.Match[str]) -> str:
        target, place = found[1] or page.name, found[2]
        if target not in names or found[0] == "":
            return found[0]
        return f"#{Path(target).stem}" + (f"--{place}" if place else "")

    text = _ID.sub(lambda found: f"{page.stem}--{found[1]}", article)
    return f'<div id="{page.stem}">{_LINK.sub(link, text)}</div>'


if __name__ == "__main__":
    sys.exit(main())
