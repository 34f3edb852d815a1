"""The built book, for the tests that open it."""

from tests import ROOT
from tests.browser.chromium import BROWSER

BOOK = ROOT / "_build" / "html"
PAGES = sorted(
    path.relative_to(BOOK).as_posix()
    for path in BOOK.rglob("*.html")
    if path.parent.name != "_static" and path.name != "index.html"  # a redirect
)
CONTENT = [page for page in PAGES if page.startswith("book/")]
CHAPTERS = [page for page in CONTENT if page[len("book/") :][:2].isdigit()]


def missing():
    """Return why the book cannot be tried, or the empty string."""
    if BROWSER is None:
        return "no Chromium found"
    return "" if CONTENT else "no book built: run make book"
