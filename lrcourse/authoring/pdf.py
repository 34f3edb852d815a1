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

    Links between them lead to places on it: each page's ids get its name in front.

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
    body = f"<body>{content.format(''.join(articles))}</body>"
    return _MAIN.sub(lambda _: body, texts[0])


def print_page(program: str, page: Path, pdf: Path) -> None:
    """Print an HTML file to `pdf`.

    Raises:
        ValueError: the browser wrote no file; the error is its last line.
    """
    pdf.unlink(missing_ok=True)
    flags = ["--headless", "--disable-gpu", "--no-pdf-header-footer"]
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
