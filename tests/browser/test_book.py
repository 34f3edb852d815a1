"""The built book in a real browser: it stands alone, and nothing in it is broken."""

import os
import re
from urllib.parse import unquote, urlsplit

import pytest

from tests.browser.book import BOOK, CONTENT, PAGES, missing
from tests.browser.pages import LOW_CONTRAST

RAW_MATH = r"(\$[^$\n]{1,80}\$|\\\(|\\\[|\\begin\{)"

if missing() and not os.environ.get("LRCOURSE_REQUIRE_BROWSER"):
    pytest.skip(f"browser tests not run: {missing()}", allow_module_level=True)


@pytest.fixture(params=["file", "http"])
def root(request, server):
    return BOOK.as_uri() + "/" if request.param == "file" else server


@pytest.mark.parametrize("name", PAGES, scope="module")
def test_a_page_asks_nobody_outside_and_reports_no_error(name, root, read):
    _, asked, said = read(root + name)
    inside = (root, "data:", "blob:")
    assert [url for url in asked if not url.startswith(inside)] == []
    assert said == []


def test_the_front_door_opens_on_the_first_page(root, visit):
    page, _, _ = visit(root + "book/intro.html")
    heading = page.locator("h1").first.inner_text()
    page.goto(root + "index.html", wait_until="commit")
    page.wait_for_url("**/book/intro.html")
    assert page.locator("h1").first.inner_text() == heading


@pytest.mark.parametrize("name", CONTENT, scope="module")
def test_formulas_are_typeset_without_a_server(name, read):
    page, _, _ = read(f"{BOOK.as_uri()}/{name}")
    text = page.evaluate(
        """() => { const a = document.querySelector('article').cloneNode(true);
        a.querySelectorAll('pre, code, script, mjx-container, svg').forEach(
          e => e.remove()); return a.textContent }"""
    )
    assert re.findall(RAW_MATH, text) == []
    formulas = page.locator(".math").count()
    assert page.locator("mjx-container").count() >= formulas


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", CONTENT, scope="module")
def test_a_page_fits_and_can_be_read(name, scheme, server, read):
    page, _, _ = read(server + name, scheme)
    assert page.evaluate("document.documentElement.dataset.theme") == scheme
    for width in (1200, 380):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(LOW_CONTRAST, "article") == []


@pytest.mark.parametrize("name", CONTENT, scope="module")
def test_links_and_anchors_lead_somewhere_and_figures_say_what_they_show(
    name, server, read
):
    page, _, _ = read(server + name)
    links = page.eval_on_selector_all("a[href]", "all => all.map(a => a.href)")
    elsewhere = ("http:", "https:", "mailto:")
    inside = [
        url for url in links if url.startswith(server) or not url.startswith(elsewhere)
    ]
    assert [url for url in inside if not url.startswith(server) or not leads(url)] == []
    silent = page.eval_on_selector_all(
        "article img", "all => all.filter(i => !i.alt || i.alt.length < 20).length"
    )
    assert silent == 0


def leads(url):
    """Tell whether a link of the book has a page, and its anchor a place on it."""
    parts = urlsplit(url)
    path = BOOK / unquote(parts.path).lstrip("/")
    if not path.is_file():
        return False
    anchor = unquote(parts.fragment)
    if not anchor or path.suffix != ".html":
        return True
    return f'id="{anchor}"' in path.read_text(encoding="utf-8")
