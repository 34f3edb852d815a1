"""A page of figures, and the built book, in a real browser."""

import functools
import http.server
import shutil
import threading
from pathlib import Path

import pytest

from tests import ROOT
from tests.browser.book import BOOK, missing
from tests.browser.chromium import BROWSER, FLAGS, skipped
from tests.browser.lab import running_lab, trust
from tests.browser.pages import ALONE, html, outside


def pytest_collection_modifyitems(items):
    """Skip what needs a browser where there is none, unless it has to be there."""
    if skipped():
        skip = pytest.mark.skip(reason="browser tests not run: no Chromium found")
        for item in items:
            if item.path.parent == Path(__file__).parent:
                item.add_marker(skip)


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def pages(browser):
    """Return a function that gives one page to all tests with the same settings."""
    made = {}

    def page_with(settings):
        key = repr(sorted(settings.items()))
        if key not in made:
            page = made[key] = browser.new_context(**settings).new_page()
            page.wrong = []
            page.on("pageerror", lambda error: page.wrong.append(str(error)))
            page.on("request", lambda request: page.wrong.extend(outside(request)))
        return made[key]

    yield page_with
    for page in made.values():
        page.context.close()


@pytest.fixture
def show(pages, tmp_path):
    """Return a function that opens a page of figures; `wrong` keeps its errors."""

    def show(*figures, after="", at="", **settings):
        parts = [each if isinstance(each, str) else html(each) for each in figures]
        place = tmp_path / "page.html"
        place.write_text(f"{ALONE}{''.join(parts)}{after}</main>", encoding="utf-8")
        page = pages(settings)
        page.goto("about:blank")  # or another link to the page would not open it anew
        page.emulate_media(media="screen")
        page.wrong.clear()
        page.goto(f"{place.as_uri()}{at}")
        return page

    return show


@pytest.fixture(scope="module")
def server():
    """Serve the built book; its address."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    assert not missing(), missing()
    handler = functools.partial(Quiet, directory=BOOK)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def opened(browser, address, scheme="light", width=1280):
    """Open a page of the book; the page, all that it asked for and all that it said."""
    size = {"width": width, "height": 900 if width > 600 else 720}
    page = browser.new_context(color_scheme=scheme, viewport=size).new_page()
    asked, said = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on(
        "console",
        lambda line: said.append(line.text) if line.type == "error" else None,
    )
    page.goto(address)
    page.wait_for_load_state("load")
    page.evaluate("window.MathJax?.startup?.promise")
    return page, asked, said


@pytest.fixture
def visit(browser):
    """Return a function that opens a page and keeps all that it asked for and said."""
    visited = []

    def visit(address, scheme="light", width=1280):
        visited.append(opened(browser, address, scheme, width))
        return visited[-1]

    yield visit
    for page, _, _ in visited:
        page.context.close()


@pytest.fixture(scope="module")
def read(browser):
    """Return a function that opens a page once for all tests that only look at it.

    Such a test takes its `name` with `scope="module"`: then pytest runs all tests of a
    page one after another, and no more than one page's are open.
    """
    kept, reading = {}, []

    def read(address, scheme="light", width=1280):
        name = address.rpartition("/")[2]
        if reading != [name]:
            close()
            reading[:] = [name]
        if (address, scheme, width) not in kept:
            kept[address, scheme, width] = opened(browser, address, scheme, width)
        return kept[address, scheme, width]

    def close():
        for page, _, _ in kept.values():
            page.context.close()
        kept.clear()

    yield read
    close()


@pytest.fixture(scope="module")
def course_lab(tmp_path_factory):
    """Start JupyterLab on a copy of the course whose chapters are trusted."""
    home = tmp_path_factory.mktemp("home")
    work = home / "work"
    for folder in ("exercises", "solutions", "book"):
        shutil.copytree(ROOT / folder, work / folder)
    shutil.copy(ROOT / "_toc.yml", work)
    trust(home, work / "book")
    with running_lab(home, work) as url:
        yield url
